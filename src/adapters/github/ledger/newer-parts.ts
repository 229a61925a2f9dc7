import * as z from 'zod/mini'

/** The parts of a ledger that 0.1.0 does not know. A text without them is one of 0.1.0. */

const named = z.looseObject({ tag: z.string(), sha: z.string() })
const time = z.iso.datetime()
const command = z.looseObject({ run: z.string() })

/** CronJobs are suspended and resumed by these words alone. */
const suspendedCronJobs = z.looseObject({
  kind: z.literal('cron-jobs'),
  service: z.string(),
  namespace: z.string(),
  context: z.nullable(z.string()),
  names: z.nullable(z.array(z.string())),
  active: z.array(z.string()),
})

const lease = z.looseObject({
  kind: z.literal(['scheduler', 'maintenance']),
  deployment: z.int(),
  until: time,
  release: named,
  giveBack: z.union([command, suspendedCronJobs]),
  pinned: z.boolean(),
})

const migration = z.looseObject({
  release: named,
  deployment: z.int(),
  since: time,
  state: z.literal(['starting', 'open', 'completing', 'rolling-back']),
  complete: command,
  rollback: command,
  knownBy: z.array(z.string()),
})

/** Its id becomes the name of slots, files and databases on both sides. */
const detourName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/))

const detour = z.looseObject({
  id: detourName,
  kind: z.literal('aside'),
  mode: z.literal(['read-only', 'read-write']),
  deployment: z.int(),
  until: time,
  release: named,
  phase: z.literal(['opening', 'open', 'closing']),
  notes: z.array(z.looseObject({ act: z.string(), evidence: z.record(z.string(), z.string()) })),
})

const pair = z.looseObject({
  id: detourName,
  copied: z.literal(['home', 'stand-in']),
  phase: z.literal(['copying', 'moved', 'back']),
  deployment: z.int(),
  since: time,
  left: named,
  earlier: z.array(detourName),
  notes: z.array(z.looseObject({ act: z.string(), evidence: z.record(z.string(), z.string()) })),
})

/** Its place is held against the config before anything is removed there. */
const failedHome = z.looseObject({
  detour: detourName,
  where: z.string(),
  since: time,
  deployment: z.int(),
})

const wave = z.looseObject({ environment: z.string(), release: named, kind: z.string() })

const notice = z.looseObject({
  ...{ id: z.string(), to: z.string(), approved: z.boolean(), tries: z.int() },
  facts: z.looseObject({ release: named, title: z.string() }),
})

const commitBlock = z.looseObject({
  commit: z.string(),
  fixedBy: z.nullable(z.string()),
  reason: z.string(),
  by: z.string(),
})

export const newerParts = {
  leases: z.optional(z.array(lease)),
  migration: z.optional(z.nullable(migration)),
  detour: z.optional(z.nullable(detour)),
  failedHomes: z.optional(z.array(failedHome)),
  side: z.optional(z.nullable(z.literal(['home', 'stand-in']))),
  pair: z.optional(z.nullable(pair)),
  waves: z.optional(z.array(wave)),
  notices: z.optional(z.array(notice)),
  blockedCommits: z.optional(z.array(commitBlock)),
}

/** The name of a backup of an ended deployment: a command that restores gets it. */
export const keptBackup = z.optional(
  z.nullable(
    z.looseObject({ name: z.string().check(z.regex(/^[A-Za-z0-9][\w.:@+/=-]{0,199}$/)), at: z.string() }),
  ),
)
