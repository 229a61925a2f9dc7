import type { Annotation } from '../workflows/site/machine.ts'

/** The commands to the runner in the lines of a log. */
export interface LogCommands {
  readonly masks: readonly string[]
  readonly annotations: readonly Annotation[]
}

const levels = new Set(['error', 'warning', 'notice'])

/** Reads the commands of a log. Between `stop-commands` and its token nothing is one, unless that rule is off. */
export function logCommands(log: readonly string[], stops: boolean): LogCommands {
  const masks: string[] = []
  const annotations: Annotation[] = []
  let stoppedBy: string | null = null
  for (const line of log) {
    const [, command = '', message = ''] = /^::([\w-]+)(?: [^:]*(?::[^:]+)*?)?::(.*)$/.exec(line) ?? []
    if (stoppedBy !== null) {
      if (line === `::${stoppedBy}::`) stoppedBy = null
      continue
    }
    if (command === 'stop-commands' && stops) stoppedBy = message
    if (command === 'add-mask') masks.push(decoded(message))
    if (levels.has(command))
      annotations.push({ level: command as Annotation['level'], message: decoded(message) })
  }
  return { masks, annotations }
}

const decoded = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
