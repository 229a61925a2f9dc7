import type { Underway } from '../../domain/ledger/underway.ts'
import { bakeStep, rollStep, rollSteps } from '../../domain/step/steps-in.ts'
import { enginesNotWell } from '../engine/not-well.ts'
import type { Kept, Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import { aboveLimit } from '../run/environment-bake.ts'
import { openSession } from '../run/session.ts'
import { checkCheckout } from '../run/source.ts'
import { broughtBy, notWell } from './serving-well.ts'

/**
 * Looks at the instances that a waiting deployment has brought to serve, and at the figures of the environment, and returns
 * what is not well. It changes nothing, and takes no lock: what is found ends the wait, where it is looked at again.
 */
export async function illIn(ports: Ports, kept: Kept, { plan }: Underway, stop: Stop): Promise<string[]> {
  await checkCheckout(ports.workspace, plan.release)
  const context = { ports, plan, session: openSession(kept, ports), stop }
  const { pause } = context.session.standing
  // A test bed answers for itself alone.
  const rolled = rollStep(plan.steps, pause?.step ?? '')
  if (rolled !== null) return notWell(context, broughtBy(context, [rolled]))
  const instances = await notWell(context, broughtBy(context, rollSteps(plan.steps)))
  const baking = bakeStep(plan.steps)
  const above = baking === null || stop.asked.aborted ? null : await aboveLimit(context, baking)
  return [...instances, ...(await enginesNotWell(context)), ...(above === null ? [] : [above])]
}
