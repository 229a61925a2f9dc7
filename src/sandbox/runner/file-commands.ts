import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files through which a step speaks to its runner. */
export interface FileCommands {
  readonly env: Record<string, string>
  outputs(): Record<string, string>
  state(): Record<string, string>
  summary(): string
}

export function openFileCommands(folder: string): FileCommands {
  mkdirSync(folder, { recursive: true })
  const file = (name: string): string => {
    const path = join(folder, `${name}-${randomUUID()}`)
    writeFileSync(path, '')
    return path
  }
  const [output, state, summary] = [file('output'), file('state'), file('summary')]
  return {
    env: { GITHUB_OUTPUT: output, GITHUB_STATE: state, GITHUB_STEP_SUMMARY: summary },
    outputs: () => parseEntries(readFileSync(output, 'utf8')),
    state: () => parseEntries(readFileSync(state, 'utf8')),
    summary: () => readFileSync(summary, 'utf8'),
  }
}

/** `name<<delimiter`, lines of the value, `delimiter`; and again. A half-written last entry is left out. */
function parseEntries(text: string): Record<string, string> {
  const entries: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, at + 1)
    if (end < 0) break
    entries[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return entries
}
