import { outcomeWord, reasonOf } from '../../domain/journal/outcome.ts'
import type { Block } from '../../domain/ledger/blocking.ts'
import type { Past, PastDecision } from '../../domain/ledger/past.ts'
import { decisionsIn } from '../../domain/ledger/past-of.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { subjectOf } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { compatibilityIn } from '../../domain/release/compatibility.ts'
import type { CompatibilityCheck } from '../../domain/release/compatibility-check.ts'
import { overrideIn } from '../../domain/release/override.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { outcomeState, type RequestState, underwayState } from '../../domain/schedule/request-state.ts'
import { type OverriddenResult, overriddenOf, overriddenThen } from '../outcome/overridden-output.ts'
import { allResults, type ScheduleResult } from '../schedule/view.ts'
import { commitBlocksResult } from '../text/commit-blocks.ts'
import type { HistoryView } from './view.ts'

/** The `result` output of `history`, described in docs/releases-list.md. A change of its shape gets another `schema`. */
export interface HistoryResult {
  readonly schema: 1
  readonly command: 'history'
  readonly outcome: 'looked'
  readonly at: string
  readonly app: string
  readonly environment: string
  readonly 'under-way': Omit<DeploymentResult, 'outcome' | 'reason' | 'ended'> | null
  /** The newest first. */
  readonly deployments: readonly DeploymentResult[]
  /** Pending and ended schedules: described in docs/schedules.md. */
  readonly schedules: readonly ScheduleResult[]
  readonly blocked: readonly Block[]
  /** Left out where no commit is blocked. */
  readonly 'blocked-commits'?: ReturnType<typeof commitBlocksResult>['blocked-commits']
  readonly run: string
}

export interface DeploymentResult {
  readonly number: number
  /** The state of the request, in the words for requests of every kind. */
  readonly state: RequestState
  readonly mode: Mode
  readonly release: ReleaseId
  /** The release that served before; null for the first. */
  readonly from: ReleaseId | null
  readonly by: readonly string[]
  readonly started: string
  readonly ended: string
  readonly outcome: string
  readonly reason: string
  readonly decisions: readonly {
    readonly decision: Decision
    readonly by: string
    readonly reason: string
    readonly at: string
  }[]
  /** The person who overrode the proof of the policy, and the reason. */
  readonly override: { readonly by: string; readonly reason: string } | null
  /** All overridden rules, that proof among them. */
  readonly overridden: readonly OverriddenResult[]
  /** The result of the serving release's checks on the migrated database; null if no check ran to an end. */
  readonly compatibility: 'passed' | 'failed' | null
  /** The reason why going back was not safe, acknowledged at the start; null otherwise. */
  readonly unsafe: string | null
  /** The newer release that served, over which an older one was deployed; null for any other. */
  readonly older: string | null
  /** The steps that it was about, where it brought no release. */
  readonly subject: readonly string[]
  /** The confirmations at the start. */
  readonly confirmed: readonly string[]
  /** The schedule that it was started by, and how late: seconds. Left out where a person started it. */
  readonly schedule?: { readonly id: string; readonly planned: string; readonly late: number }
  readonly record: number | null
  readonly run: string
}

export const historyResult = ({ ledger, limit, run, now }: HistoryView): HistoryResult => ({
  schema: 1,
  command: 'history',
  outcome: 'looked',
  at: now,
  app: ledger.app,
  environment: ledger.environment,
  'under-way': ledger.deployment === null ? null : underwayOf(ledger.deployment),
  deployments: ledger.history.slice(0, limit).map(deploymentOf),
  schedules: allResults(ledger),
  blocked: ledger.blocked.map(({ tag, sha, reason, by, at }) => ({ tag, sha, reason, by, at })),
  ...commitBlocksResult(ledger),
  run,
})

const idOf = ({ tag, sha }: ReleaseId): ReleaseId => ({ tag, sha })
const decisionOf = ({ decision, by, reason, at }: PastDecision) => ({ decision, by, reason, at })

const checksOf = (found: CompatibilityCheck | null) =>
  found === null ? null : found.passed ? 'passed' : 'failed'

function underwayOf(underway: Underway): NonNullable<HistoryResult['under-way']> {
  const { number, plan, journal, record } = underway
  const opened = journal.find((event) => event.kind === 'opened')
  const { mode, release, from, verification, guard } = plan
  return {
    number,
    state: underwayState(underway),
    mode,
    release: idOf(release),
    from: from === null ? null : idOf(from),
    by: opened?.by ?? [],
    started: opened?.at ?? '',
    decisions: decisionsIn(journal),
    override: overrideIn(verification),
    overridden: overriddenOf({ plan, journal }),
    compatibility: checksOf(compatibilityIn(plan, journal)),
    unsafe: plan.unsafe,
    older: plan.older,
    subject: subjectOf(plan),
    confirmed: guard?.confirmed === true ? guard.reasons : [],
    record,
    run: opened?.run.url ?? '',
  }
}

const deploymentOf = (past: Past): DeploymentResult => ({
  number: past.number,
  state: outcomeState(past.outcome),
  mode: past.mode,
  release: idOf(past.release),
  from: past.from === null ? null : idOf(past.from),
  by: past.by,
  started: past.startedAt,
  ended: past.endedAt,
  outcome: outcomeWord(past.outcome),
  reason: reasonOf(past.outcome),
  decisions: past.decisions.map(decisionOf),
  override: past.override,
  overridden: overriddenThen(past),
  compatibility: checksOf(past.compatibility),
  unsafe: past.unsafe,
  older: past.older,
  subject: past.subject,
  confirmed: past.confirmed,
  ...(past.schedule === null
    ? {}
    : {
        schedule: {
          id: past.schedule.id,
          planned: past.schedule.at.at,
          late: Math.round(past.schedule.late / 1_000),
        },
      }),
  record: past.record,
  run: past.run,
})
