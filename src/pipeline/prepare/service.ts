import type { Instance } from '../../domain/config/fleet.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { type RollStep, rollId, type StepOf } from '../../domain/step/step.ts'
import { rollStep } from '../../domain/step/steps-in.ts'
import { refuseUnlisted } from '../plan/inventory.ts'
import { freezeArtifact } from '../roll/cargo.ts'
import { workOn } from '../roll/instance-work.ts'
import type { Context } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import type { StepEnd } from '../run/step-end.ts'
import { inTurn } from './in-turn.ts'
import { type Prepared, prepareInstance } from './instance.ts'

/** The most instances to prepare at once: all their files leave from this one machine. */
const mostAtOnce = 10

/** Brings the release to every instance of a service. All keep serving as they do, so that a failure changes nothing. */
export async function prepareService(context: Context, step: StepOf<'prepare'>): Promise<StepEnd> {
  const roll = rollStep(context.plan.steps, rollId(step.prepares))
  if (roll === null) return { kind: 'skipped', note: `${step.prepares} is not rolled` }
  refuseUnlisted(roll)
  await keepTheBytes(context, roll)
  const ends = await inTurn(mostAtOnce, roll.service.fleet.instances, (instance) =>
    context.stop.asked.aborted ? skipped(instance) : prepareOne(context, step.id, roll, instance),
  )
  return endOf(roll, ends)
}

/** A run that resumes in a fresh checkout must bring the same bytes, so their digest is saved before a host gets them. */
async function keepTheBytes(context: Context, { service }: RollStep): Promise<void> {
  const { session } = context
  const known = session.journal.length
  await freezeArtifact(context, service, onward)
  if (session.journal.length > known) await session.save()
  else await session.stillLocked()
}

interface PreparedInstance {
  readonly instance: string
  readonly prepared: Prepared
}

async function prepareOne(
  context: Context,
  step: string,
  { service }: RollStep,
  instance: Instance,
): Promise<PreparedInstance> {
  const prepared = await workOn(context, service, instance, onward, context.stop.forced)
    .then(prepareInstance)
    .catch((thrown): Prepared => ({ kind: 'failed', failure: failureFrom(thrown) }))
  const { session, ports } = context
  if (prepared.kind !== 'failed')
    session.note({
      kind: 'instance-prepared',
      step,
      instance: instance.name,
      how: prepared.kind,
      took: prepared.took,
    })
  else if (prepared.failure.code !== 'interrupted')
    ports.voice.warning(`${instance.name} is not prepared`, prepared.failure.what)
  ports.fleet(service.fleet).rest(instance)
  return { instance: instance.name, prepared }
}

const skipped = async ({ name }: Instance): Promise<PreparedInstance> => ({
  instance: name,
  prepared: {
    kind: 'failed',
    failure: { code: 'interrupted', what: `${name} was not prepared: the run was cancelled.`, tail: [] },
  },
})

function endOf(roll: RollStep, ends: readonly PreparedInstance[]): StepEnd {
  const failures = ends.flatMap(({ instance, prepared }) =>
    prepared.kind === 'failed' ? [{ instance, failure: prepared.failure }] : [],
  )
  const cut = failures.find(({ failure }) => failure.code === 'interrupted')
  if (cut !== undefined) return { kind: 'failed', failure: cut.failure }
  const [first] = failures
  const counts = countsOf(ends)
  if (first === undefined) return { kind: 'succeeded', note: counts }
  const names = failures.map(({ instance }) => instance)
  if (isTolerable(roll, names))
    return { kind: 'succeeded', note: `${counts}; ${names.join(', ')} failed, and comes again in its turn` }
  return { kind: 'failed', failure: failureOfAll(first.failure, names.slice(1), counts) }
}

/** The roll may bear as many failed instances, where the release is not tried out on one of them. */
const isTolerable = ({ service, testBed }: RollStep, names: readonly string[]): boolean =>
  names.length <= service.rollout.maxFailures && !names.some((name) => testBed.includes(name))

function countsOf(ends: readonly PreparedInstance[]): string {
  const count = (kind: Prepared['kind']) => ends.filter(({ prepared }) => prepared.kind === kind).length
  const words = [
    [count('brought'), 'brought'],
    [count('there'), 'there already'],
  ] as const
  const said = words.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`)
  return said.join(', ') || 'none prepared'
}

const failureOfAll = (failure: Failure, others: readonly string[], counts: string): Failure =>
  others.length === 0
    ? failure
    : { ...failure, what: `${failure.what} So did others: ${others.join(', ')} (${counts}).` }
