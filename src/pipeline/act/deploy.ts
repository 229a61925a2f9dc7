import { onFleets } from '../../domain/config/declared-service.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import { handedOn } from '../../domain/ledger/handed-on.ts'
import type { HandedOn } from '../../domain/ledger/underway.ts'
import type { Release } from '../../domain/release/release.ts'
import type { ShownPlan } from '../../domain/shown/shown-plan.ts'
import { uploads } from '../../domain/step/rolls.ts'
import type { Passage } from '../lock/gate.ts'
import { inTheNameOf } from '../lock/in-the-name-of.ts'
import { takeLock } from '../lock/take-lock.ts'
import { refuseWithoutVariables } from '../lock/variables.ts'
import { listHosts } from '../plan/inventory.ts'
import type { Request } from '../plan/request.ts'
import { reachBeforeLock } from '../roll/ahead.ts'
import type { Context } from '../run/context.ts'
import { putRecordsRight } from '../run/correct-records.ts'
import { type Concluded, conclude } from '../run/drive.ts'
import type { ActingRun } from './acting-run.ts'
import { type Approached, approachRighting } from './approach.ts'
import { refuseIfRefused } from './refuse.ts'

export type Deployed =
  | { readonly kind: 'already-deployed'; readonly release: Release }
  | ({ readonly kind: 'done' } & Concluded)

/** Takes one release to one environment; if named people have yet to approve it, only their question is written. */
export async function deploy(run: ActingRun, request: Request, shown: ShownPlan | null): Promise<Deployed> {
  const { ports, config, doer } = run
  const approached = await approachRighting(ports, config, request, shown, doer)
  const { kept, policy } = approached.surveyed
  await putRecordsRight(ports, kept.ledger, policy.url, doer)
  if (approached.kind === 'already-deployed') return { kind: approached.kind, release: approached.release }
  return { kind: 'done', ...(await begin(run, approached)) }
}

/**
 * Executes a deployment that has passed the gate, or writes its question. Inventories are asked only behind
 * the gate.
 */
export async function begin(
  run: ActingRun,
  { surveyed: { kept, recipe, policy }, plan, passage }: Extract<Approached, { kind: 'planned' }>,
): Promise<Concluded> {
  const { ports, config, doer, stop } = run
  if (passage.kind === 'open') refuseWithoutVariables(ports, plan)
  const whole = passage.kind === 'asks' ? plan : await listHosts(ports, config, plan, stop)
  refuseIfRefused(whole)
  if (passage.kind === 'open') void reachBeforeLock({ ports, plan: whole, stop })
  const named = await inTheNameOf(ports, policy, whole, doer)
  run.beforeLock(plan.app, plan.environment.name)
  const session = await takeLock(ports, kept, whole, handedOnBy(recipe), named)
  // A resumed deployment is executed as it was planned.
  const context = { ports, plan: session.deployment.plan, session, stop }
  return conclude({ ...context, ...approvalOf(passage) }, doer.run)
}

/** Returns the approver, for the step that shows it. */
export const approvalOf = (passage: Passage): Pick<Context, 'approval'> =>
  passage.kind === 'open' && passage.note !== null ? { approval: passage.note } : {}

/** A later deployment may have to build this release again, if hosts get a file of it. */
const handedOnBy = ({ steps, services, readOnly = false, compatible = true }: Recipe): HandedOn =>
  handedOn({
    ...{ ...steps, readOnly, compatible },
    build: onFleets(services).some(uploads) ? steps.build : null,
  })
