import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Reading } from '../../domain/reading.ts'
import type { StepOf } from '../../domain/step/step.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'

/** Removes the database that failed at home: it is seen at its place before, and seen gone afterwards. */
export async function discardFailedHome(
  context: Context,
  { failed, aside, hosts }: StepOf<'discard-failed-home'>,
): Promise<StepEnd> {
  const { ports, session, stop } = context
  const { detour: id, where } = failed
  const { database } = ports.detour(aside, hosts)
  const seen = { ...(await variables(context, onward)), ROLLGATE_DETOUR: id }
  const look = () => database.failedHome(id, where, seen, stop.forced)

  const before = await look()
  if (before.kind === 'absent')
    return { kind: 'succeeded', note: `the failed home of ${id} is not at ${where} any more` }
  const fault = faultIn(before, where)
  if (fault !== null) return { kind: 'failed', failure: fault }
  // The look may have been long enough for another run to take over.
  await session.stillLocked()
  const deed = await quoted(context, 'failed home │ ', (watch) =>
    database.discardFailedHome(id, where, seen, watch),
  )
  if (deed.kind === 'failed') return deed
  const after = await look()
  return after.kind === 'absent'
    ? { kind: 'succeeded', note: `the failed home of ${id} is gone from ${where}` }
    : { kind: 'failed', failure: faultIn(after, where) ?? stillThere(where) }
}

/** The config may name other databases by now: what is seen elsewhere is not what was kept. */
function faultIn(reading: Exclude<Reading<string>, { kind: 'absent' }>, where: string): Failure | null {
  if (reading.kind === 'unknown') {
    const { code, what, next } = reading.why
    return { code, what, tail: [], next }
  }
  if (reading.value === where) return null
  return {
    code: 'detour-disagrees',
    what: `The failed home was kept at ${where}, and is seen at ${reading.value}.`,
    tail: [],
    next: 'Look at both places. Nothing was removed.',
  }
}

const stillThere = (where: string): Failure => ({
  code: 'detour-unseen',
  what: `The failed home was removed, and is still seen at ${where}.`,
  tail: [],
})
