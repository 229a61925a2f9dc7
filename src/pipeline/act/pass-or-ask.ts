import type { ShownPlan } from '../../domain/shown/shown-plan.ts'
import type { Request } from '../plan/request.ts'
import type { Concluded } from '../run/drive.ts'
import type { ActingRun } from './acting-run.ts'
import { type Approached, approachRighting } from './approach.ts'
import { begin } from './deploy.ts'

export type PassedOrAsked =
  | Extract<Approached, { kind: 'already-deployed' }>
  | { readonly kind: 'passed'; readonly note: string | null }
  /** Named people are asked now; the question is in the ledger, and nothing else was done. */
  | ({ readonly kind: 'asked' } & Concluded)

/**
 * Runs the gate alone, before anything of the release is checked out: passes it, or writes the question of
 * named people.
 */
export async function passOrAsk(
  run: ActingRun,
  request: Request,
  shown: ShownPlan | null,
): Promise<PassedOrAsked> {
  const { ports, config, doer } = run
  const approached = await approachRighting(ports, config, request, shown, doer)
  if (approached.kind === 'already-deployed') return approached
  const { passage } = approached
  if (passage.kind === 'open') return { kind: 'passed', note: passage.note }
  return { kind: 'asked', ...(await begin(run, approached)) }
}
