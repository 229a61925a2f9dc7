import { mapping, readYaml } from '../kinds/manifest.ts'
import examples from './workflows-0.1.0.json' with { type: 'json' }

/**
 * The example workflows of 0.1.0 by the names of their files: as they were first, and as they were at its end. Each is a
 * list of numbers of lines, without indentation. The file has each line once, because the examples share most of them.
 */
const workflowsOf010: Readonly<Record<string, readonly (readonly number[])[]>> = examples.workflows

/** Returns both texts of an example. */
const textsOf = (name: string): readonly string[] =>
  (workflowsOf010[name] ?? []).map((lines) => lines.map((line) => examples.lines[line]).join('\n'))

/** A workflow of a repository that uses Rollgate, held against the example of 0.1.0 that it began as. */
export interface Earlier {
  /** The name of the example. */
  readonly example: string
  /** Lines that are not in the example, and lines of it that are not there any more. */
  readonly edited: readonly string[]
  /** An event that starts it without a person, apart from the clock. */
  readonly startsBy: string | null
}

const calls = /^\s*(?:- )?uses: ['"]?rollgate\/rollgate\/\.github\/workflows\/([\w-]+)\.yml@/m

/** True for a workflow that calls anything of Rollgate. */
export const usesRollgate = (text: string): boolean =>
  /^\s*(?:- )?uses: ['"]?rollgate\/rollgate[@/]/m.test(text)

/** True for a workflow that calls a reusable workflow of Rollgate. */
export const callsReusable = (text: string): boolean => calls.test(text)

/** Returns the example of 0.1.0 that a workflow began as; null for one that began as none of them. */
export function earlierOf(path: string, text: string): Earlier | null {
  const name = path.split('/').at(-1) ?? ''
  const called = calls.exec(text)?.[1]
  if (called === undefined) return null
  const example = Object.hasOwn(workflowsOf010, name) ? name : exampleCalling(called)
  if (example === undefined) return null
  const now = significant(text)
  const [edited = []] = textsOf(example)
    .map((text) => editsOf(significant(text), now))
    .toSorted((one, other) => one.length - other.length)
  return { example, edited, startsBy: eventOf(text) }
}

const editsOf = (before: readonly string[], now: readonly string[]): readonly string[] => [
  ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
]

const exampleCalling = (called: string): string | undefined =>
  Object.keys(workflowsOf010).find((name) => textsOf(name).some((text) => calls.exec(text)?.[1] === called))

/** The choices that every team makes: the label of its runner, the hours of its clock, the version. */
const ownChoice = /^(?:runs-on:|- cron:|name:|uses: rollgate\/)/

const significant = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/\s+#.*$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#') && !ownChoice.test(line))

/** Events at which a person starts it, calls it, or the clock does. */
const byHand: ReadonlySet<string> = new Set(['workflow_dispatch', 'workflow_call', 'schedule'])

function eventOf(text: string): string | null {
  const { on } = readYaml(text)
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(mapping(on))
  return events.find((event) => !byHand.has(event)) ?? null
}

/** Returns the labels of the runner that a workflow of 0.1.0 names. */
export function labelsOf(text: string): readonly string[] {
  const [, listed] = /^\s*runs-on: ['"]?\[([^\]\n]*)\]/m.exec(text) ?? []
  const [, one] = /^\s*runs-on: ['"]?([\w.-]+)['"]?\s*(?:#.*)?$/m.exec(text) ?? []
  const names =
    listed?.split(',').map((name) => name.trim().replace(/^["']|["']$/g, '')) ??
    (one === undefined ? [] : [one])
  return names.every((name) => /^[\w.-]+$/.test(name)) ? names : []
}
