import type { Images } from '../../domain/engine/engine-seen.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { handOverSteps } from '../../domain/step/steps-in.ts'
import type { EngineTestBedControl } from '../ports.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import { heed } from '../signal/heed.ts'
import { listening } from './halt.ts'
import type { Hand } from './hand.ts'
import { isFailure, stopped } from './look.ts'
import { notedBy, watchRollout } from './watch.ts'

/**
 * Runs the new images in one replica beside the others, with their traffic, and watches it for the bake time: it must get
 * ready and stay so without a break. The replica is closed before the others change, after a failure, and for a halt, so
 * that no visitor meets it while a person decides.
 */
export async function tryOut(context: Context, hand: Hand, images: Images): Promise<Failure | null> {
  const { testBed } = hand.step
  if (testBed === null) return null
  const control = hand.engine.testBed
  if (control === null) return noneThere(hand.step.service.name)
  const failure = await baked(context, hand, control, { images, bakeTime: testBed.bakeTime })
  // The next run finds the replica, and watches it anew.
  if (context.stop.asked.aborted && failure !== null) return failure
  const left = await close(context, hand, control)
  if (failure !== null) return left === null ? failure : { ...failure, what: `${failure.what} ${left.what}` }
  return left ?? ((await heed(context, hand.step)) ? stopped : null)
}

/**
 * Closes the test beds that a deployment may leave at its end: after a lost run a person may abandon the deployment, or
 * count the service as done, and no later run would look for the replica. It has visitors' requests.
 */
export async function closeLeftTestBeds(context: Context): Promise<void> {
  const { steps } = context.session.standing
  for (const step of handOverSteps(context.plan.steps)) {
    const { startedAt = null, state = 'pending', undo = 'none' } = steps.get(step.id) ?? {}
    if (startedAt === null || state === 'succeeded' || undo === 'done') continue
    const known = { ...(await variables(context, onward)), ROLLGATE_SERVICE: step.service.name }
    const hand = { step, engine: context.ports.engine(step.service), seen: known }
    const failure = await closeTestBed(context, hand)
    if (failure !== null)
      context.ports.voice.warning(
        `The test bed of ${step.service.name} may still get requests`,
        `${failure.what} ${failure.next ?? ''}`.trim(),
      )
  }
}

/** Closes a test bed that a lost run may have left, before anything is taken back. */
export const closeTestBed = async (context: Context, hand: Hand): Promise<Failure | null> =>
  hand.step.testBed === null || hand.engine.testBed === null
    ? null
    : close(context, hand, hand.engine.testBed)

const close = (context: Context, { seen }: Hand, control: EngineTestBedControl): Promise<Failure | null> =>
  quoted(context, '  │ ', (watch) => control.close(seen, watch))

interface Baked {
  readonly images: Images
  readonly bakeTime: number
}

async function baked(
  context: Context,
  { step, seen }: Hand,
  control: EngineTestBedControl,
  { images, bakeTime }: Baked,
): Promise<Failure | null> {
  await context.session.save()
  const opened = await quoted(context, '  │ ', (watch) => control.open(images, seen, watch))
  if (isFailure(opened)) return opened
  const { name, deadline } = step.service
  return watchRollout(context, {
    service: `the test bed of ${name}`,
    awaited: {
      images,
      rollout: opened.rollout,
      before: null,
      minHealthyTime: bakeTime,
      deadline: deadline + bakeTime,
    },
    handedAt: context.ports.clock.now().getTime(),
    state: (signal) => control.state(seen, signal),
    news: notedBy(context, step.id, 'test-bed'),
    halted: listening(context, step),
  })
}

const noneThere = (service: string): Failure => ({
  code: 'engine-refused',
  what: `The engine of ${service} has no way to try one replica out beside the others.`,
  tail: [],
  next: `Remove services.${service}.engine.test-bed, and make a new release.`,
})
