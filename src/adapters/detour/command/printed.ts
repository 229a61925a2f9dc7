import * as z from 'zod/mini'
import type { Ability, LostWrites } from '../../../domain/detour/deed.ts'
import type { DatabaseSeen, DoorSeen } from '../../../domain/detour/detour-seen.ts'
import { type BySide, sides } from '../../../domain/detour/side.ts'
import type { ProblemWords } from '../../../domain/problem.ts'
import { type Reading, readingOf, unknown } from '../../../domain/reading.ts'

/**
 * The JSON that a team's commands print about a detour. A key with a value is found, `null` is absent: it was looked for
 * and is not there. A key that is left out is unknown, because a command that forgets to look must not pass for one that looked.
 */
const told = <T extends z.core.$ZodType>(value: T) => z.optional(z.nullable(value))

const bySide = <T extends z.core.$ZodType>(value: T) =>
  z._default(z.strictObject({ home: told(value), 'stand-in': told(value) }), {})

const side = z.enum(sides)
const count = z.int().check(z.gte(0))

const databaseText = z.strictObject({
  'stand-in': told(z.enum(['partial', 'stopped', 'running'])),
  follows: told(z.boolean()),
  'frozen-at': told(z.string()),
  position: bySide(z.string()),
  timeline: bySide(z.string()),
  writable: bySide(z.enum(['open', 'fenced', 'impossible'])),
  fence: told(side),
  sessions: bySide(count),
  address: told(z.string()),
  'failed-home': told(z.string()),
})

const doorText = z.strictObject({
  file: told(side),
  memory: told(side),
  marker: told(side),
  writes: told(z.enum(['open', 'shut'])),
  'in-flight': bySide(count),
})

const abilityText = z.strictObject({
  refusals: z._default(z.array(z.string()), []),
  warnings: z._default(z.array(z.string()), []),
  facts: z._default(z.record(z.string(), z.string()), {}),
})

const lostText = z.union([
  z.strictObject({ 'by-table': z.record(z.string(), count) }),
  z.strictObject({ 'at-most': count, why: z.string() }),
])

/** The text of a command, or the reason why there is none. */
export type Printed =
  | { readonly kind: 'text'; readonly text: string; readonly by: string }
  | { readonly kind: 'none'; readonly why: ProblemWords }

export function databaseIn(printed: Printed): DatabaseSeen {
  const { read, both } = reader(parsed(printed, databaseText))
  return {
    standIn: read('stand-in', (text) => text['stand-in']),
    follows: read('follows', (text) => text.follows),
    frozenAt: read('frozen-at', (text) => text['frozen-at']),
    position: both('position', (text) => text.position),
    timeline: both('timeline', (text) => text.timeline),
    writable: both('writable', (text) => text.writable),
    fence: read('fence', (text) => text.fence),
    sessions: both('sessions', (text) => text.sessions),
    address: read('address', (text) => text.address),
  }
}

/** The place of the database that failed at home, which a `revert` has kept. */
export const failedHomeIn = (printed: Printed): Reading<string> =>
  reader(parsed(printed, databaseText)).read('failed-home', (text) => text['failed-home'])

export function doorIn(printed: Printed): DoorSeen {
  const { read, both } = reader(parsed(printed, doorText))
  return {
    file: read('file', (text) => text.file),
    memory: read('memory', (text) => text.memory),
    marker: read('marker', (text) => text.marker),
    writes: read('writes', (text) => text.writes),
    inFlight: both('in-flight', (text) => text['in-flight']),
  }
}

export function abilityIn(printed: Printed): Reading<Ability> {
  const text = parsed(printed, abilityText)
  return text.kind === 'value' ? readingOf(text.value) : unknown(text.why)
}

export function lostWritesIn(printed: Printed): Reading<LostWrites> {
  const text = parsed(printed, lostText)
  if (text.kind === 'none') return unknown(text.why)
  const { value } = text
  return readingOf<LostWrites>(
    'by-table' in value
      ? { kind: 'counted', byTable: value['by-table'] }
      : { kind: 'at-most', rows: value['at-most'], why: value.why },
  )
}

type Parsed<T> =
  | { readonly kind: 'value'; readonly value: T; readonly by: string }
  | { readonly kind: 'none'; readonly why: ProblemWords }

function parsed<T extends z.ZodMiniType>(printed: Printed, shape: T): Parsed<z.output<T>> {
  if (printed.kind === 'none') return printed
  const { text, by } = printed
  const result = shape.safeParse(jsonOf(text))
  if (result.success) return { kind: 'value', value: result.data, by }
  const [issue] = result.error.issues
  const place = issue === undefined || issue.path.length === 0 ? 'the whole' : `\`${issue.path.join('.')}\``
  return {
    kind: 'none',
    why: unreadable(by, `${place} is not as it should be: ${issue?.message ?? 'no JSON'}`),
  }
}

/** Returns undefined for a text that is no JSON, which no shape takes. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reader<T>(text: Parsed<T>) {
  const read = <V>(key: string, pick: (value: T) => V | null | undefined): Reading<V> => {
    if (text.kind === 'none') return unknown(text.why)
    const value = pick(text.value)
    return value === undefined ? unknown(untold(text.by, key)) : readingOf(value)
  }
  const both = <V>(
    key: string,
    pick: (value: T) => Partial<Record<'home' | 'stand-in', V | null | undefined>>,
  ): BySide<Reading<V>> => ({
    home: read(`${key}.home`, (value) => pick(value).home),
    'stand-in': read(`${key}.stand-in`, (value) => pick(value)['stand-in']),
  })
  return { read, both }
}

const unreadable = (by: string, why: string): ProblemWords => ({
  code: 'detour-unseen',
  what: `The output of \`${by}\` could not be read: ${why}.`,
  why: 'The command prints something beside the JSON, or another shape.',
  next: 'Run it by hand, compare its output with docs/smooth-deploy.md, and run the deployment again.',
})

const untold = (by: string, key: string): ProblemWords => ({
  code: 'detour-unseen',
  what: `\`${by}\` does not say \`${key}\`.`,
  why: 'A key that is left out counts as unknown; `null` says that there is none.',
  next: 'Have the command print it, and run the deployment again.',
})
