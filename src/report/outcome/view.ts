import type { InterruptionCause, Journal } from '../../domain/journal/journal.ts'
import type { Outcome } from '../../domain/journal/outcome.ts'
import { type Standing, standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Pause } from '../../domain/question/pause.ts'
import type { Form } from '../form/form.ts'

/** The data of a report: one deployment, the present ledger, and the place of the reader. */
export interface View {
  readonly plan: Plan
  /** The events of this deployment, its end included: the ledger forgets them then. */
  readonly journal: Journal
  /** As it is now. */
  readonly ledger: Ledger
  /** Address of the run that reports. */
  readonly run: string
  /** ISO time in UTC. */
  readonly now: string
  /** The form for the reader; null if the page asks nothing, and no form is known. */
  readonly form: Form | null
}

/** The state of a deployment. */
export type State =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'waiting'; readonly pause: Pause }
  /** Its run is over, the deployment is not, and no question is open: the next run resumes it. */
  | { readonly kind: 'interrupted'; readonly cause: InterruptionCause | 'left' }
  | { readonly kind: 'running' }

export function stateOf(view: View, now: Standing = standingOf(view)): State {
  if (now.outcome !== null) return { kind: 'ended', outcome: now.outcome }
  if (now.pause !== null) return { kind: 'waiting', pause: now.pause }
  if (now.interrupted !== null) return { kind: 'interrupted', cause: now.interrupted }
  return view.journal.at(-1)?.kind === 'left' ? { kind: 'interrupted', cause: 'left' } : { kind: 'running' }
}

export const standingOf = ({ plan, journal }: View): Standing => standing(plan, journal)

/** Returns the start, and the end or the present time. */
export function spanOf({ journal, now }: View): { readonly from: string; readonly to: string } {
  const ended = journal.find(({ kind }) => kind === 'ended')
  return { from: journal[0]?.at ?? now, to: ended?.at ?? now }
}

/** Returns the actors who asked for it. */
export const startedBy = ({ journal }: Pick<View, 'journal'>): readonly string[] =>
  journal.find((event) => event.kind === 'opened')?.by ?? []

/** Returns the actors of later runs, apart from those who asked for it. */
export function continuedBy(view: View): readonly string[] {
  const later = view.journal.flatMap((event) => (event.kind === 'resumed' ? event.by : []))
  return [...new Set(later)].filter((name) => !startedBy(view).includes(name))
}

/** GitHub's id of the Deployment that shows it. */
export const recordOf = ({ ledger }: View, number: number): number | null =>
  ledger.deployment?.number === number
    ? ledger.deployment.record
    : (ledger.history.find((past) => past.number === number)?.record ?? null)
