import * as z from 'zod/mini'
import type { EngineSeen } from '../../../domain/engine/engine-seen.ts'
import { absent, found, type Reading, unknown } from '../../../domain/reading.ts'

const count = z.int().check(z.nonnegative())

const trouble = z.strictObject({
  replica: z.string(),
  reason: z.string(),
  message: z._default(z.string(), ''),
  lasting: z._default(z.boolean(), false),
  log: z._default(z.array(z.string()), []),
})

/** The JSON that `state` prints. An unknown key is a slip that would hide a fact. */
const printed = z.strictObject({
  rollout: z.string().check(z.minLength(1)),
  images: z.optional(z.record(z.string(), z.string())),
  image: z.optional(z.string()),
  noticed: z._default(z.boolean(), true),
  phase: z.enum(['rolling', 'settled', 'paused', 'held', 'failed', 'rolled-back']),
  replicas: z.strictObject({ wanted: count, updated: count, ready: count, old: count }),
  troubles: z._default(z.array(trouble), []),
  'changed-by': z.optional(z.string()),
})

/** Reads what `state` printed. Nothing means that the engine has no such service; anything else that is no state is unknown. */
export function readState(service: string, text: string): Reading<EngineSeen> {
  if (text.trim() === '') return absent
  const parsed = jsonOf(text)
  const read = printed.safeParse(parsed)
  if (!read.success) return notAState(service, whyNot(read.error, parsed))
  const { image, images, ...state } = read.data
  if ((image === undefined) === (images === undefined))
    return notAState(service, 'it must have `image` or `images`, and not both')
  return found({
    ...fieldsOf(state),
    wanted: images ?? { [service]: image ?? '' },
  })
}

type PrintedState = Omit<z.output<typeof printed>, 'image' | 'images'>

const fieldsOf = ({ rollout, noticed, phase, replicas, troubles, 'changed-by': by }: PrintedState) => ({
  rollout,
  noticed,
  phase,
  replicas,
  troubles: troubles.map(({ log, ...rest }) => ({ ...rest, tail: log })),
  changedBy: by === undefined ? absent : found(by),
})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const whyNot = (error: z.core.$ZodError, parsed: unknown): string =>
  parsed === undefined
    ? 'it is no JSON'
    : error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ')

const notAState = (service: string, why: string): Reading<never> =>
  unknown({
    code: 'engine-unknown',
    what: `The command \`state\` of ${service} printed no state of an engine: ${why}.`,
    why: 'Only its JSON is believed, and an exit code of 0 alone says nothing of what runs.',
    next: 'Correct services.<name>.engine.command.state: docs/engines.md has the form of its JSON.',
  })
