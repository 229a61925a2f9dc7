import { type Command, couldNotAsk } from '../../domain/config/command.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { CheckFound } from '../../domain/rolling/roll-check.ts'
import { type RollStep, rollId } from '../../domain/step/step.ts'
import { rollStep } from '../../domain/step/steps-in.ts'
import { place } from '../run/files.ts'
import { failureWhere, type RanCommand, runWhere } from '../run/where.ts'
import { placeOf } from './instance-slots.ts'
import type { InstanceWork } from './instance-work.ts'

/**
 * Runs the checks of the serving release against the first new instance of a roll, while that is out of traffic. What
 * passed is saved before the instance gets requests: a resumed run does not ask again, and asks again whatever came to
 * no end.
 */
export async function checkInstance(work: InstanceWork): Promise<Failure | null> {
  const { session, plan, stop } = work.context
  const step = rollStep(plan.steps, rollId(work.service.name))
  const check = step === null ? undefined : session.standing.rolls.get(step.id)?.check
  if (step === null || step.instanceCheck === null || check === undefined || check.kind === 'settled')
    return null
  const { found, failure } = await checked(work, step, step.instanceCheck)
  if (stop.forced.aborted) return failure ?? cutShort(work)
  session.note({ kind: 'instance-checked', step: step.id, instance: work.instance.name, found })
  await session.save()
  return failure
}

interface CheckEnd {
  readonly found: CheckFound
  readonly failure: Failure | null
}

async function checked(work: InstanceWork, step: RollStep, command: Command): Promise<CheckEnd> {
  const { context, seen, signal } = work
  const placed = await place(context, step, command)
  if ('code' in placed) return { found: 'unknown', failure: placed }
  const order = { command: placed.command, seen: { ...seen, ...placed.seen }, shown: true }
  return judged(work, await runWhere({ ...context, stop: { ...context.stop, forced: signal } }, order))
}

/** An exit code alone is an answer of the checks, and not even each of those. */
function judged(work: InstanceWork, ran: RanCommand): CheckEnd {
  const { plan } = work.context
  const failure = failureWhere('check-compatibility', ran)
  if (failure === null) return { found: 'passed', failure }
  const [older, newer] = [plan.from?.tag ?? '', plan.release.tag]
  if (ran.finished.kind !== 'exited' || ran.finished.code === couldNotAsk) {
    const what = `It is not known whether the checks of ${older} pass against ${placeOf(work)} with ${newer}: ${failure.what}`
    return { found: 'unknown', failure: { ...failure, what } }
  }
  const what = `The checks of ${older} fail against ${placeOf(work)} with ${newer}: ${failure.what}`
  return { found: 'failed', failure: { ...failure, code: 'not-compatible', what } }
}

const cutShort = (work: InstanceWork): Failure => ({
  code: 'interrupted',
  what: `The checks against ${placeOf(work)} were cut short.`,
  tail: [],
})
