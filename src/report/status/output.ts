import { isOverdue } from '../../domain/detour/words.ts'
import { outcomeWord, reasonOf } from '../../domain/journal/outcome.ts'
import { type Lease, leaseIn, suspensionIn } from '../../domain/ledger/lease.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { soakedAt } from '../../domain/ledger/open-migration.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { expiryOf, failureOf, gateOf, instancesOf, type Pause } from '../../domain/question/pause.ts'
import { describeFeasibility } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { ServiceJudged } from '../../domain/rolling/drift.ts'
import type { EnvironmentSeen, EnvironmentSighting } from '../../domain/rolling/environment-seen.ts'
import type { SightFinding } from '../../domain/rolling/sight.ts'
import { activityOf } from '../../domain/shown/activity.ts'
import { overriddenThen } from '../outcome/overridden-output.ts'
import { provenResult } from '../outcome/proven-output.ts'
import { pendingResults } from '../schedule/view.ts'
import { underwayResult } from './deployment.ts'
import { wayBackOf } from './facts.ts'
import { lastDeployments } from './history.ts'
import type { EngineResult, EnvironmentResult, InstanceResult, StatusResult } from './result.ts'
import { leaseIsOver, type StatusView } from './view.ts'

/** Returns the result of a look, for the steps and workflows after it. */
export const statusResult = ({ environments, run, now }: StatusView): StatusResult => ({
  schema: 1,
  command: 'status',
  outcome: 'looked',
  at: now,
  environments: environments.map((environment) => environmentResult(environment, now)),
  run,
})

function environmentResult({ memory, instances, ...about }: EnvironmentSeen, now: string): EnvironmentResult {
  const { name, class: stake, url, app } = about
  const place = { name, class: stake, url, app }
  if (memory.kind === 'unknown') return { ...place, ...nothingKnown, unread: memory.failure.what }
  const { ledger, question } = memory
  const { serving, desired } = ledger
  return {
    ...place,
    unread: null,
    serving:
      serving === null
        ? null
        : { ...idOf(serving.release), since: serving.since, deployment: serving.deployment },
    desired: desired === null ? null : idOf(desired),
    state: activityOf(memory),
    deployment: underwayResult(memory),
    pause: question === null ? null : pauseOf(question),
    scheduler: leaseOf(suspensionIn(ledger), 'suspended', now),
    maintenance: leaseOf(leaseIn(ledger, 'maintenance'), 'shown', now),
    detour: detourOf(ledger, now),
    unfinished: unfinishedOf(ledger),
    'failed-homes': ledger.failedHomes,
    databases: pairOf(ledger),
    blocked: blocksOf(ledger),
    unsent: ledger.notices.length,
    migration: migrationOf(ledger),
    schedules: pendingResults(ledger),
    instances: instances.kind === 'seen' ? instances.services.flatMap(instanceResults) : [],
    engines: instances.kind === 'seen' ? instances.services.flatMap(engineResults) : [],
    unasked: unaskedOf(instances),
    history: lastDeployments(ledger).map(pastOf),
    'way-back': wayBackResult(ledger),
  }
}

/** The deeds are in the journal. */
function pairOf({ pair }: Ledger) {
  if (pair === null) return null
  const { id, copied, phase, deployment, since, left } = pair
  return { id, copied, phase, deployment, since, left: idOf(left) }
}

const nothingKnown = {
  serving: null,
  desired: null,
  state: null,
  deployment: null,
  pause: null,
  scheduler: null,
  maintenance: null,
  detour: null,
  databases: null,
  unfinished: [],
  'failed-homes': [],
  blocked: [],
  unsent: 0,
  migration: null,
  schedules: [],
  instances: [],
  engines: [],
  unasked: [],
  history: [],
  'way-back': null,
} as const

const idOf = ({ tag, sha }: ReleaseId): ReleaseId => ({ tag, sha })

const pauseOf = (pause: Pause): EnvironmentResult['pause'] => ({
  id: pause.id,
  gate: gateOf(pause),
  step: pause.step,
  instances: instancesOf(pause),
  'reason-code': failureOf(pause)?.code ?? null,
  what: failureOf(pause)?.what ?? null,
  options: pause.options,
  expires: expiryOf(pause),
})

function migrationOf({ migration }: Ledger): EnvironmentResult['migration'] {
  if (migration === null) return null
  const { release, deployment, since, state } = migration
  return { release: release.tag, deployment, since, state, soaked: soakedAt(migration) }
}

function leaseOf<State>(lease: Lease | null, state: State, now: string) {
  if (lease === null) return null
  const { since, until, deployment } = lease
  return { state, since, until, deployment, 'lease-over': leaseIsOver(lease, now) }
}

function detourOf({ detour }: Ledger, now: string): EnvironmentResult['detour'] {
  if (detour === null) return null
  const { id, mode, phase, since, until, deployment, release } = detour
  const state = isOverdue(detour, now) ? 'expired' : phase
  return { id, mode, state, since, until, deployment, release: idOf(release) }
}

const unfinishedOf = ({ unfinished }: Ledger): EnvironmentResult['unfinished'] =>
  unfinished.map(({ service, instance, deployment, out }) => ({
    ...{ service, instance, deployment },
    'out-of-traffic': out,
  }))

const blocksOf = ({ blocked, blockedCommits }: Ledger): EnvironmentResult['blocked'] => [
  ...blocked.map(({ tag, sha, reason, by, at }) => ({ tag, sha, 'fixed-by': null, reason, by, at })),
  ...blockedCommits.map(({ commit, fixedBy, reason, by, at }) => ({
    tag: null,
    sha: commit,
    'fixed-by': fixedBy,
    reason,
    by,
    at,
  })),
]

function unaskedOf(sighting: EnvironmentSighting): string[] {
  switch (sighting.kind) {
    case 'unknown':
      return [`could not be asked: ${sighting.failure.what}`]
    case 'unasked':
      return [sighting.why]
    case 'seen':
      return sighting.services.flatMap(({ name, unasked }) =>
        unasked === null ? [] : [`${name}: ${unasked}`],
      )
  }
}

export const instanceResults = ({ name: service, instances }: ServiceJudged): InstanceResult[] =>
  instances.map(({ name, version, healthy, inTraffic, desired = null, deviations }) => ({
    service,
    name,
    version: known(version),
    healthy: known(healthy),
    'in-traffic': known(inTraffic),
    desired,
    deviations,
    notes: [...note('version', version), ...note('healthy', healthy), ...note('in-traffic', inTraffic)],
  }))

export const engineResults = ({ name: service, engine }: ServiceJudged): EngineResult[] => {
  if (engine === undefined) return []
  const { desired, seen, deviations } = engine
  const now = seen.kind === 'found' ? seen.value : null
  return [
    {
      service,
      desired,
      running: now?.wanted ?? null,
      rollout: now?.rollout ?? null,
      phase: now?.phase ?? null,
      replicas: now?.replicas ?? null,
      'changed-by': now?.changedBy.kind === 'found' ? now.changedBy.value : null,
      deviations,
      why: seen.why,
    },
  ]
}

const known = <T>(finding: SightFinding<T>): T | null => (finding.kind === 'found' ? finding.value : null)

const note = (what: string, { why }: SightFinding<unknown>): string[] =>
  why === null ? [] : [`${what}: ${why}`]

const pastOf = (past: Past): EnvironmentResult['history'][number] => ({
  number: past.number,
  mode: past.mode,
  release: idOf(past.release),
  outcome: outcomeWord(past.outcome),
  reason: reasonOf(past.outcome),
  by: past.by,
  started: past.startedAt,
  ended: past.endedAt,
  overridden: overriddenThen(past),
  record: past.record,
  run: past.run,
})

function wayBackResult(ledger: Ledger): EnvironmentResult['way-back'] {
  const way = wayBackOf(ledger)
  if (way === null) return null
  const { release, feasibility } = way
  return {
    release: idOf(release),
    feasibility: feasibility.kind,
    words: describeFeasibility(feasibility),
    proven: provenResult(feasibility),
  }
}
