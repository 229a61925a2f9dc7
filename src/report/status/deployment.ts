import type { Standing } from '../../domain/journal/deployment-standing.ts'
import { progressOf, type ShareDone } from '../../domain/journal/progress.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import { changedAside } from '../../domain/step/steps-in.ts'
import { type OverriddenResult, overriddenOf } from '../outcome/overridden-output.ts'

/** The deployment under way, in the result of a look. */
export interface UnderwayResult {
  readonly number: number
  readonly mode: Mode
  readonly release: ReleaseId
  readonly record: number | null
  readonly by: readonly string[]
  readonly started: string
  readonly progress: ShareDone
  /** The acknowledged risks and the wishes beside the release, in the words of the inputs. */
  readonly asked: readonly string[]
  /** The addresses at which people look at what visitors do not see yet. */
  readonly links: readonly string[]
  readonly warnings: readonly string[]
  /** The failures that no later success has taken away. `instance`: null for that of the step itself. */
  readonly failures: readonly {
    readonly step: string
    readonly instance: string | null
    readonly code: string
    readonly what: string
  }[]
  /** The overridden rules. */
  readonly overridden: readonly OverriddenResult[]
  readonly holder: { readonly run: string; readonly live: boolean | null } | null
}

export function underwayResult({ ledger: { deployment }, live }: Memory): UnderwayResult | null {
  if (deployment === null) return null
  const { number, plan, journal, record, holder } = deployment
  const now = standing(plan, journal)
  const opened = journal.find((event) => event.kind === 'opened')
  const { tag, sha } = plan.release
  return {
    number,
    mode: plan.mode,
    release: { tag, sha },
    record,
    by: opened?.by ?? [],
    started: opened?.at ?? '',
    progress: progressOf(plan, now),
    asked: askedIn(plan),
    links: now.pause !== null && 'links' in now.pause ? now.pause.links : [],
    warnings: plan.warnings,
    failures: failuresIn(now),
    overridden: overriddenOf({ plan, journal }),
    holder: holder === null ? null : { run: holder.url, live },
  }
}

function askedIn({ steps, supersedes, baseChange, older, unsafe, guard }: Plan): string[] {
  const asked = {
    detour: changedAside(steps),
    'roll-forward': supersedes !== null,
    'change-base': baseChange !== null,
    'acknowledge-older': older !== null,
    'acknowledge-data-loss': unsafe !== null,
    confirm: guard?.confirmed === true,
  }
  return Object.entries(asked).flatMap(([name, given]) => (given ? [name] : []))
}

function failuresIn({ steps, rolls }: Standing): UnderwayResult['failures'] {
  const of = (step: string, instance: string | null, failure: Failure | null) =>
    failure === null ? [] : [{ step, instance, code: failure.code, what: failure.what }]
  return [...steps].flatMap(([id, { failure }]) => [
    ...of(id, null, failure),
    ...[...(rolls.get(id)?.instances ?? [])].flatMap(([name, one]) => of(id, name, one.failure)),
  ])
}
