/** The number of a written ledger's shape. A run refuses a number that it does not know. */
export type WrittenSchema = 1 | 2

/** The newest number that this version reads. */
export const newestSchema: WrittenSchema = 2

/** The parts of a written ledger that a run of 0.1.0 acts by. */
interface Acted {
  readonly leases?: unknown
  readonly migration?: unknown
  readonly detour?: unknown
  readonly failedHomes?: unknown
  readonly side?: unknown
  readonly pair?: unknown
  readonly blockedCommits?: unknown
  readonly pulled?: unknown
  readonly serving?: { readonly preDeploy?: unknown; readonly checkCompatibility?: unknown } | null
  readonly deployment?: {
    readonly plan: {
      readonly environment: object
      readonly steps: readonly { readonly kind: string }[]
    }
    readonly journal: readonly { readonly kind: string }[]
  } | null
}

/**
 * Returns 1 for a ledger that 0.1.0 can resume, and 2 for any other: 0.1.0 would pass over a step, a setting or an event
 * that it does not know, or begin a deployment beside a lease, a detour, an open migration or a block that it cannot see.
 */
export function schemaOf(written: object): WrittenSchema {
  const {
    leases,
    migration,
    detour,
    failedHomes,
    side,
    pair,
    blockedCommits,
    pulled,
    serving,
    deployment = null,
  } = written as Acted
  if (
    [leases, migration, detour, failedHomes, side, pair, blockedCommits, pulled].some(
      (part) => part !== undefined,
    )
  )
    return 2
  // The next deployment runs them, by whichever version.
  if (![serving?.preDeploy, serving?.checkCompatibility].every((one) => hasOnly(settings, one))) return 2
  if (deployment === null) return 1
  const { plan, journal } = deployment
  const known =
    plan.steps.every((step) => steps.has(step.kind) && hasOnly(settings, step)) &&
    journal.every(({ kind }) => events.has(kind)) &&
    !more.plan.some((field) => Object.hasOwn(plan, field)) &&
    !more.environment.some((field) => Object.hasOwn(plan.environment, field))
  return known ? 1 : 2
}

/** True if every key of a value is among these. The keys of variables are names of the user's own. */
function hasOnly(keys: ReadonlySet<string>, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => hasOnly(keys, one))
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(
    ([key, inner]) => keys.has(key) && (key === 'env' || hasOnly(keys, inner)),
  )
}

/** The fields of a plan and of its environment, left out where they say nothing, by which a run of today acts. */
const more = { plan: ['vars', 'fleets', 'engines', 'manifests'], environment: ['env', 'halt'] }

/** The kinds of steps of 0.1.0, which get no more. A reset is written as a migration of that id. */
const steps: ReadonlySet<string> = new Set([
  ...['source', 'approve', 'build', 'configure-broker', 'pre-deploy', 'suspend-scheduler', 'pre-configure'],
  ...['deploy-scheduler', 'migrate', 'check-compatibility', 'resume-scheduler', 'roll-services', 'task'],
  ...['record-version', 'post-configure', 'post-deploy'],
])

/** The kinds of events of 0.1.0. */
const events: ReadonlySet<string> = new Set([
  ...['opened', 'resumed', 'interrupted', 'left', 'record-opened', 'paused', 'lapsed', 'decided', 'ended'],
  ...['step-started', 'step-succeeded', 'step-skipped', 'step-failed', 'turned-back'],
  ...['undo-started', 'undo-succeeded', 'undo-failed', 'instances-observed', 'capacity-observed'],
  ...['instances-started', 'instance-succeeded', 'instance-failed', 'bake-started', 'bake-ended'],
])

/** The keys of steps, services and commands of 0.1.0. */
const settings: ReadonlySet<string> = new Set([
  ...[
    'kind',
    'id',
    'rule',
    'command',
    'unless',
    'scheduler',
    'phase',
    'repeatable',
    'service',
    'width',
    'floor',
  ],
  ...[
    'testBed',
    'unfinished',
    'batches',
    'build',
    'restart',
    'run',
    'shell',
    'env',
    'workingDirectory',
    'timeout',
  ],
  ...[
    'destructive',
    'from',
    'notSelf',
    'expires',
    'allowBypass',
    'suspend',
    'running',
    'resume',
    'kill',
    'deploy',
  ],
  ...[
    'drainTimeout',
    'interval',
    'zeroReadings',
    'onTimeout',
    'resumeAfter',
    'lease',
    'name',
    'fleet',
    'traffic',
  ],
  ...[
    'version',
    'healthCheck',
    'selfTest',
    'rollout',
    'instances',
    'stop',
    'install',
    'start',
    'host',
    'user',
    'port',
  ],
  ...[
    'jump',
    'inventory',
    'settings',
    'hostKeys',
    'connectTimeout',
    'sendEnv',
    'upload',
    'leave',
    'enter',
    'wait',
  ],
  ...[
    'serving',
    'sockets',
    'backend',
    'server',
    'upTimeout',
    'probe',
    'minHealthyTime',
    'healthyDeadline',
    'retries',
  ],
  ...[
    'url',
    'maxParallel',
    'minAvailable',
    'maxFailures',
    'progressDeadline',
    'onFailure',
    'acceptDowntime',
    'value',
  ],
  ...['count', 'names', 'bakeTime', 'compare', 'figures', 'tolerance'],
])
