import * as z from 'zod/mini'
import type { Ledger } from '../../../domain/ledger/ledger.ts'
import { ledgerFrom, type SparseLedger, writtenLedger } from '../../../domain/ledger/written/ledger.ts'
import { newestSchema } from '../../../domain/ledger/written/schema.ts'
import { Problem } from '../../../domain/problem.ts'
import { linesOf } from './lines.ts'
import { keptBackup, newerParts } from './newer-parts.ts'

/** The longest text with a line for each value, in characters: a ledger of some hundred hosts. */
const longestIndented = 256 * 1024

/** A ledger as it stands in git: JSON that a person can read, and that `git diff` shows line by line. */
export function ledgerText(ledger: Ledger): string {
  const written = writtenLedger(ledger)
  const indented = JSON.stringify(written, null, 2)
  return `${indented.length <= longestIndented ? indented : linesOf(written)}\n`
}

/** The place of a text, and the ledger that should be there. */
export interface LedgerPlace {
  readonly ref: string
  readonly app: string
  readonly environment: string
}

/**
 * Throws `ledger-foreign` for text that is no ledger of this environment, `ledger-newer` for one of a later
 * Rollgate.
 */
export function parseLedger(text: string | null, place: LedgerPlace): Ledger {
  const value = parsed(text, place)
  const { data: version } = z.looseObject({ schema: z.number() }).safeParse(value)
  if (version !== undefined && version.schema > newestSchema) throw newer(version.schema, place)
  const { success, error } = ledgerOf(place).safeParse(value)
  if (!success) throw foreign(place, `Its \`${where(error)}\` is not as Rollgate writes it.`)
  // The value as it was read, not as it was parsed, so that unknown keys survive when it is written again.
  return ledgerFrom(value as SparseLedger)
}

function parsed(text: string | null, place: LedgerPlace): unknown {
  if (text === null) throw foreign(place, 'It holds no file `ledger.json`.')
  try {
    return JSON.parse(text)
  } catch {
    throw foreign(place, 'Its `ledger.json` is no JSON.')
  }
}

/** The check goes as deep as a wrong value would mislead a deployment. */
const ledgerOf = ({ app, environment }: LedgerPlace) =>
  z.looseObject({
    schema: z.literal([1, 2]),
    app: z.literal(app),
    environment: z.literal(environment),
    config: z.optional(z.string()),
    serving: z.nullable(z.looseObject({ release, deployment: z.int(), record: z.nullable(z.int()) })),
    desired: z.nullable(z.looseObject({ tag: z.string(), sha: z.string() })),
    pulled: z.optional(z.array(pulled)),
    scheduler: z.nullable(z.looseObject({ deployment: z.int(), until: z.iso.datetime() })),
    deployment: z.nullable(underway),
    blocked: z.optional(z.array(block)),
    schedules: z.optional(schedules),
    unfinished: z.optional(z.array(unfinished)),
    history: z.array(
      z.looseObject({ number: z.int(), release, outcome: kinded, backup: keptBackup, restored: keptBackup }),
    ),
    ...newerParts,
  })

const block = z.looseObject({
  tag: z.string(),
  sha: z.string(),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
})

/** Names become those of files. */
const plainName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/))

const pulled = z.looseObject({
  service: plainName,
  instance: plainName,
  order: z.string(),
  release: z.looseObject({ tag: z.string(), sha: z.string() }),
  manifest: z.string(),
  artifacts: z.record(z.string(), z.string()),
  restart: z.boolean(),
})

const unfinished = z.looseObject({
  service: z.string(),
  instance: z.string(),
  deployment: z.int(),
  out: z.boolean(),
})

const kinded = z.looseObject({ kind: z.string() })

const schedule = z.looseObject({
  id: z.string(),
  release: z.looseObject({ tag: z.string(), sha: z.string() }),
  at: z.looseObject({ at: z.iso.datetime(), local: z.string() }),
  maxLateness: z.int(),
  from: z.nullable(z.looseObject({ sha: z.string() })),
})

const schedules = z.looseObject({
  last: z.int(),
  pending: z.array(schedule),
  ended: z.array(z.looseObject({ id: z.string(), end: kinded })),
})

const release = z.looseObject({
  tag: z.string(),
  sha: z.string(),
  baseVersion: z.nullable(z.string()),
  schemaVersion: z.nullable(z.string()),
})

const underway = z.looseObject({
  number: z.int(),
  plan: z.looseObject({
    schema: z.literal(1),
    digest: z.string(),
    release,
    from: z.nullable(release),
    steps: z.array(z.looseObject({ kind: z.string(), id: z.string() })),
  }),
  journal: z.array(z.looseObject({ kind: z.string(), at: z.string() })),
  holder: z.nullable(z.looseObject({ id: z.int(), attempt: z.int(), url: z.string() })),
  record: z.nullable(z.int()),
})

const where = (error: z.core.$ZodError | undefined) => error?.issues[0]?.path.join('.') || 'content'

const foreign = ({ ref, environment }: LedgerPlace, because: string) =>
  new Problem('ledger-foreign', {
    what: `The reference ${ref} is not the ledger of ${environment}. ${because}`,
    why: 'Something other than Rollgate wrote it, or a ledger was copied there.',
    next: `Look at it with \`git fetch origin ${ref} && git show FETCH_HEAD:ledger.json\`, and delete or restore the reference. It was left as it is.`,
  })

const newer = (schema: number, { ref, environment }: LedgerPlace) =>
  new Problem('ledger-newer', {
    what: `The ledger of ${environment} (${ref}) has schema ${schema}, and this Rollgate knows schema ${newestSchema}.`,
    why: 'A later version of Rollgate has written it.',
    next: 'Use that version in this workflow as well. The ledger was left as it is.',
  })
