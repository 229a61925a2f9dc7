import { parse } from 'dotenv'
import { Problem } from '../domain/problem.ts'

/** The reason why a line of `ROLLGATE_ENV` is not read. It never contains text of the line, which may be a secret. */
interface InputFault {
  readonly line: number
  readonly why: string
}

type Read =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'variable'; readonly name: string; readonly value: string; readonly lines: number }
  | { readonly kind: 'fault'; readonly why: string; readonly lines: number }

/**
 * Reads the variables in the secret `ROLLGATE_ENV`, `NAME=value` a line. Throws `input-invalid` with the
 * numbers of all ambiguous lines: a value that was cut off would be found too late.
 */
export function readGiven(text: string): Record<string, string> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|[\n\r]/)
  const taken = new Map<string, { readonly value: string; readonly line: number }>()
  const faults: InputFault[] = []
  for (let at = 0; at < lines.length; ) {
    const line = at + 1
    const read = readAt(lines, at)
    at += read.kind === 'nothing' ? 1 : read.lines
    if (read.kind === 'fault') faults.push({ line, why: read.why })
    if (read.kind !== 'variable') continue
    const earlier = taken.get(read.name)
    if (earlier !== undefined) faults.push({ line, why: `gives the name of line ${earlier.line} again` })
    else taken.set(read.name, { value: read.value, line })
  }
  if (faults.length > 0) throw unreadable(faults)
  return agreed(lines, taken)
}

/** Both readers must agree: ours tells line numbers, and dotenv is the format that users know. */
function agreed(
  lines: readonly string[],
  taken: ReadonlyMap<string, { readonly value: string; readonly line: number }>,
): Record<string, string> {
  const known = parse(lines.join('\n'))
  const faults = [...taken]
    .filter(([name, { value }]) => known[name] !== value)
    .map(([, { line }]) => ({ line, why: 'can be read in two ways: put the value in single quotes' }))
  if (faults.length > 0) throw unreadable(faults)
  return Object.fromEntries([...taken].map(([name, { value }]) => [name, value]))
}

const assignment = /^[ \t]*(?:export[ \t]+)?([^=]*?)[ \t]*=[ \t]*(.*)$/

function readAt(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? ''
  if (/^[ \t]*(?:#.*)?$/.test(line)) return { kind: 'nothing' }
  const [, name, rest = ''] = assignment.exec(line) ?? []
  if (name === undefined)
    return fault('is no `NAME=value`, comment or blank line; a value of several lines stands in quotes')
  const value = /^["'`]/.test(rest) ? quoted(lines, at, rest) : unquoted(name, rest)
  if (value.kind === 'fault') return value
  const why = nameFault(name)
  return why === null ? { ...value, name } : fault(why, value.lines)
}

const fault = (why: string, lines = 1): Extract<Read, { kind: 'fault' }> => ({ kind: 'fault', why, lines })

type Value = Omit<Extract<Read, { kind: 'variable' }>, 'name'> | Extract<Read, { kind: 'fault' }>

function unquoted(name: string, rest: string): Value {
  const value = rest.replace(/[ \t]+$/, '')
  if (value.startsWith('-----BEGIN'))
    return fault('begins a key or a certificate outside of quotes: put all its lines in quotes')
  if (value.includes('#'))
    return fault('holds a `#` outside of quotes: put the value in quotes, and a comment on a line of its own')
  if (value === '=' || (value === '' && endsBase64(name)))
    return fault('looks like the last line of a base64 text: put all its lines in quotes, or write `NAME=""`')
  return plain(value, 1)
}

/** `MIIEvQ==` on a line of its own would be a name and a value. */
const endsBase64 = (name: string): boolean =>
  /^[A-Za-z0-9]{7,}$/.test(name) && (name.length + 1) % 4 === 0 && /[a-z]/.test(name) && /[A-Z]/.test(name)

/** From a quotation mark to the next one of its kind, which may stand on a later line. */
function quoted(lines: readonly string[], at: number, rest: string): Value {
  const mark = rest.charAt(0)
  const text = [rest.slice(1), ...lines.slice(at + 1)].join('\n')
  const end = text.indexOf(mark)
  if (end < 0) return fault('opens quotes that no line closes', lines.length - at)
  const value = text.slice(0, end)
  const count = value.split('\n').length
  const [after = ''] = text.slice(end + 1).split('\n', 1)
  if (value.endsWith('\\'))
    return fault('has a backslash before a quotation mark: put the value in quotes of another kind', count)
  if (!/^[ \t]*(?:#.*)?$/.test(after))
    return fault(
      'goes on behind its closing quotation mark: put the whole value in quotes of another kind',
      count,
    )
  if (mark !== '"') return plain(value, count)
  if (/\\\\[nr]/.test(value))
    return fault('has two backslashes before n or r in double quotes: use single quotes', count)
  return plain(value.replaceAll('\\n', '\n').replaceAll('\\r', '\r'), count)
}

function plain(value: string, lines: number): Value {
  if (value.includes('\0')) return fault('holds a NUL character, which no variable can', lines)
  return { kind: 'variable', value, lines }
}

/** Names of the runner and of Rollgate itself; `GITHUB_TOKEN` is free until a user sets it. */
const ours = /^(?:GITHUB_(?!TOKEN$)|RUNNER_|ACTIONS_|ROLLGATE_|INPUT_|STATE_)/i
/** Through these a shell, the loader or Node.js runs other code than the command's. */
const steering =
  /^(?:PATH|IFS|BASH_ENV|BASHOPTS|SHELLOPTS|PS4|PROMPT_COMMAND|NODE_OPTIONS|LD_.*|DYLD_.*|GIT_SSH|GIT_SSH_COMMAND|GIT_EXEC_PATH)$/i

function nameFault(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return 'has no name of letters, digits and `_` before its `=`; a value of several lines stands in quotes'
  if (ours.test(name))
    return 'gives a name that belongs to the runner or to Rollgate (GITHUB_, RUNNER_, ACTIONS_, ROLLGATE_, INPUT_, STATE_)'
  if (steering.test(name))
    return 'gives a name by which programs are found or changed (such as PATH, LD_PRELOAD, NODE_OPTIONS, BASH_ENV): set it in the workflow, where a reviewer sees it'
  return null
}

function unreadable(faults: readonly InputFault[]): Problem {
  return new Problem('input-invalid', {
    what: ['The secret ROLLGATE_ENV cannot be read as it is:', ...inRanges(faults)].join('\n'),
    why: 'A line that is passed over or cut off would be missed only by your commands. Its text is not shown.',
    next: 'Correct these lines of the secret, in the settings of the environment or the repository, and run again.',
  })
}

/** Lines one after another with the same fault are one fault. */
function inRanges(faults: readonly InputFault[]): string[] {
  const ranges: { from: number; to: number; why: string }[] = []
  for (const { line, why } of faults) {
    const last = ranges.at(-1)
    if (last !== undefined && last.why === why && last.to === line - 1) last.to = line
    else ranges.push({ from: line, to: line, why })
  }
  return ranges.map(({ from, to, why }) =>
    from === to ? `line ${from} ${why}` : `lines ${from} to ${to}, each: ${why}`,
  )
}
