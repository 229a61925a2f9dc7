/** The outputs that a build has written, or the reasons why they are not read. */
export type OutputsRead =
  | { readonly kind: 'read'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** The ledger holds outputs in each of its commits: they are digests and addresses, and no files. */
export const outputLimits = { names: 50, characters: 16_384 } as const

/** Variables by which a text would change how programs start, and those that others set. */
const reserved = new RegExp(
  `^(?:${[
    '(?:ROLLGATE|GITHUB|RUNNER|ACTIONS|INPUT|LD|DYLD|GIT|SSH)_.*',
    'BASH_.*|BASHOPTS|CDPATH|CI|ENV|GLOBIGNORE|HOME|IFS|PATH|PROMPT_COMMAND|PS4|PWD|SHELL|SHELLOPTS|TMPDIR',
    'NODE_(?:EXTRA_CA_CERTS|OPTIONS|PATH|TLS_REJECT_UNAUTHORIZED)',
    'PERL5(?:DB|LIB|OPT)|PYTHON(?:HOME|PATH|STARTUP)|RUBY(?:LIB|OPT)|(?:_JAVA|JAVA_TOOL|JDK_JAVA)_OPTIONS',
    // No variable of a program: JavaScript takes the name for something else.
    '__proto__',
  ].join('|')})$`,
  'i',
)

/**
 * Reads the text of `$ROLLGATE_OUTPUT`, in the form of GitHub's own output file: `NAME=value` a line, and `NAME<<END` for a
 * value of several lines. A name that is written again replaces the one before. A fault names its line and never a value,
 * which may be a secret.
 */
export function readOutputs(text: string): OutputsRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const outputs = new Map<string, string>()
  const faults: string[] = []
  for (let at = 0; at < lines.length; ) {
    const entry = entryAt(lines, at)
    if (entry.kind === 'fault') faults.push(`line ${at + 1} ${entry.why}`)
    if (entry.kind === 'output') outputs.set(entry.name, entry.value)
    at += entry.lines
  }
  const size = [...outputs].flat().join('').length
  if (outputs.size > outputLimits.names)
    faults.push(`it has ${outputs.size} outputs, and ${outputLimits.names} are allowed`)
  if (size > outputLimits.characters)
    faults.push(`its outputs have ${size} characters, and ${outputLimits.characters} are allowed`)
  return faults.length > 0
    ? { kind: 'faulty', faults }
    : { kind: 'read', outputs: Object.fromEntries(outputs) }
}

type OutputEntry =
  | { readonly kind: 'nothing'; readonly lines: number }
  | { readonly kind: 'output'; readonly name: string; readonly value: string; readonly lines: number }
  | { readonly kind: 'fault'; readonly why: string; readonly lines: number }

function entryAt(lines: readonly string[], at: number): OutputEntry {
  const line = lines[at] ?? ''
  if (line.trim() === '') return { kind: 'nothing', lines: 1 }
  // Whichever comes first decides, as in GitHub's own file: a value may hold the other.
  const [, name = '', mark, rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? []
  if (mark === undefined) return { kind: 'fault', why: 'is no `NAME=value`', lines: 1 }
  const long = mark === '<<' ? lines.indexOf(rest, at + 1) : at
  if (rest === '' && mark === '<<')
    return { kind: 'fault', why: 'begins a text without a delimiter', lines: 1 }
  if (long < 0) return { kind: 'fault', why: 'begins a text that does not end', lines: lines.length - at }
  const value = mark === '<<' ? lines.slice(at + 1, long).join('\n') : rest
  const why = faultOf(name, value)
  return why === null
    ? { kind: 'output', name, value, lines: long - at + 1 }
    : { kind: 'fault', why, lines: long - at + 1 }
}

/** Returns why a variable cannot be the output of a build, in words that do not tell its value; null if it can. */
export function faultOf(name: string, value: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) return 'has no name of a variable before its value'
  if (reserved.test(name)) return `gives ${name}, which is reserved`
  return value.includes('\0') ? `gives ${name} a NUL character` : null
}
