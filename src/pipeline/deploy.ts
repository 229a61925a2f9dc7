import type { Ledger } from '../domain/ledger.ts'
import { differences, type Plan } from '../domain/plan.ts'
import { Problem } from '../domain/problem.ts'
import type { Release } from '../domain/release.ts'
import type { Stop } from './context.ts'
import { type Doer, takeHold } from './hold.ts'
import { listHosts } from './inventory.ts'
import type { Ports } from './ports.ts'
import { type Concluded, conclude } from './settle.ts'
import { type ConfigReader, type Request, survey } from './survey.ts'

export type Deployed =
  | { readonly kind: 'already-deployed'; readonly release: Release }
  | ({ readonly kind: 'done' } & Concluded)

/** Takes one release to one environment. `planned` is the plan that was shown to the approver. */
export async function deploy(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  planned: Plan | null,
  doer: Doer,
  stop: Stop,
  /** Called before the environment is held, with what a later step needs to find it again. */
  holding: (app: string, environment: string) => void,
): Promise<Deployed> {
  const { kept, recipe, planning } = await survey(ports, config, request, planned)
  if (planning.kind === 'already-deployed') return planning
  const { plan } = planning
  refuseIfRefused(plan)
  if (planned !== null && !resumes(kept.ledger, planned)) refuseIfChanged(planned, plan)
  const whole = await listHosts(ports, config, plan, stop)
  refuseIfRefused(whole)
  holding(plan.app, plan.environment.name)
  const session = await takeHold(ports, kept, whole, recipe.steps.preDeploy, doer)
  // A deployment that goes on is executed as it was planned.
  const context = { ports, plan: session.deployment.plan, session, stop }
  return { kind: 'done', ...(await conclude(context, doer.run)) }
}

function refuseIfRefused({ refusals: [refusal] }: Plan): void {
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
}

/** Whether the deployment that is under way is the one of this plan, with or without its hosts. */
const resumes = ({ deployment }: Ledger, { digest }: Plan): boolean =>
  deployment !== null && (deployment.plan.digest === digest || deployment.plan.shownAs === digest)

function refuseIfChanged(planned: Plan, now: Plan): void {
  const moved = differences(planned, now)
  if (moved.length === 0) return
  throw new Problem('plan-changed', {
    what: `The plan that was approved no longer holds: ${moved.join('; ')}.`,
    why: 'The world moved between the plan and now, so what would be done is not what was approved.',
    next: 'Start a new run: it makes a new plan to look at. Nothing was changed.',
  })
}
