import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files through which a step speaks to its runner. */
export interface FileCommands {
  readonly env: Record<string, string>
  outputs(): Record<string, string>
  state(): Record<string, string>
  summary(): string
  /** The variables for the steps after it. */
  variables(): Record<string, string>
  /** The folders of the path for the steps after it. */
  path(): string[]
}

export function openFileCommands(folder: string): FileCommands {
  mkdirSync(folder, { recursive: true })
  const file = (name: string): string => {
    const path = join(folder, `${name}-${randomUUID()}`)
    writeFileSync(path, '')
    return path
  }
  const [output, state, summary] = [file('output'), file('state'), file('summary')]
  const [env, path] = [file('env'), file('path')]
  const read = (from: string): string => readFileSync(from, 'utf8')
  return {
    env: {
      ...{ GITHUB_OUTPUT: output, GITHUB_STATE: state, GITHUB_STEP_SUMMARY: summary },
      ...{ GITHUB_ENV: env, GITHUB_PATH: path },
    },
    outputs: () => parseEntries(read(output)),
    state: () => parseEntries(read(state)),
    summary: () => read(summary),
    variables: () => parseEntries(read(env)),
    path: () => read(path).split('\n').filter(Boolean),
  }
}

/** `name=value`, or `name<<delimiter`, lines of the value, `delimiter`; and again. A half-written last entry is left out. */
function parseEntries(text: string): Record<string, string> {
  const entries: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? []
    const [, plain, value] = /^([^=]+)=(.*)$/.exec(line) ?? []
    if (name === undefined || delimiter === undefined) {
      if (plain !== undefined && at < lines.length - 1) entries[plain] = value ?? ''
      continue
    }
    const end = lines.indexOf(delimiter, at + 1)
    if (end < 0) break
    entries[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return entries
}
