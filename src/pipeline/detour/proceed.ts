import type { DetourAct } from '../../domain/detour/deed.ts'
import type { DetourSeen } from '../../domain/detour/detour-seen.ts'
import type { DetourState, DetourTurn } from '../../domain/detour/turn.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { quoted } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import { acts } from './acts.ts'
import { type DetourWork, lookAtDetour } from './work.ts'

/** The most times that one run does the same deed: a result that does not stay is no result. */
const MOST_TIMES = 3

/**
 * Looks, has the next deed chosen, does it, notes what was observed, and repeats. Null when nothing is left. A run that
 * resumes after another was lost begins with the same look.
 */
export async function proceed(
  work: DetourWork,
  choose: (state: DetourState) => DetourTurn,
): Promise<Failure | null> {
  const fresh: DetourAct[] = []
  for (;;) {
    if (work.context.stop.asked.aborted) return interrupted
    const seen = await lookAtDetour(work)
    const turn = nextTurn(work, seen, choose, fresh)
    if (turn.kind === 'over') return null
    if (turn.kind === 'stop') return withoutSecret(work, 'look', turn.failure)
    const { act } = turn
    if (fresh.filter((one) => one === act).length >= MOST_TIMES) return unstable(act)
    const failure = await doAct(work, act, seen)
    if (failure !== null) return failure
    fresh.push(act)
  }
}

function nextTurn(
  { mode, notes }: DetourWork,
  seen: DetourSeen,
  choose: (state: DetourState) => DetourTurn,
  fresh: readonly DetourAct[],
): DetourTurn {
  try {
    return choose({ mode, seen, notes: notes(), fresh })
  } catch (thrown) {
    return { kind: 'stop', failure: failureFrom(thrown) }
  }
}

/** A fence is not held while GitHub is asked for anything. */
async function doAct(work: DetourWork, act: DetourAct, seen: DetourSeen): Promise<Failure | null> {
  const { context, step, id } = work
  const { quick = false, savedBefore = false, keeps } = acts[act]
  if (savedBefore) await context.session.save()
  else if (!quick) await context.session.stillLocked(QUIET)
  const deed = await quoted(context, `${act} │ `, (watch) => acts[act].do(work, watch))
  if (deed.kind === 'failed') return withoutSecret(work, act, deed.failure)
  const evidence = { ...deed.evidence, ...keeps?.(seen) }
  if (context.ports.given.isMasked(Object.values(evidence).join('\n'))) return secretTold(act)
  context.session.note({ kind: 'detour-deed', step, detour: id, deed: act, evidence })
  if (!quick) await context.session.save()
  return null
}

/** Milliseconds for which the last answer about the lock is good enough: writes may wait meanwhile. */
const QUIET = 30_000

const interrupted: Failure = {
  code: 'interrupted',
  what: 'The detour was left where it is because the run was cancelled.',
  tail: [],
}

/** The ledger is read by everybody who may read the repository, and a command prints what it likes. */
const withoutSecret = ({ context: { ports } }: DetourWork, deed: string, failure: Failure): Failure =>
  ports.given.isMasked(failure.what) ? secretTold(deed) : failure

const secretTold = (deed: string): Failure => ({
  code: 'detour-unseen',
  what: `The deed "${deed}" of the detour showed a value that is masked, which is not kept.`,
  tail: [],
  next: 'Have the command `observe` print no secret, and try again.',
})

const unstable = (act: DetourAct): Failure => ({
  code: 'detour-disagrees',
  what: `The deed "${act}" was done ${MOST_TIMES} times, and each time the next look did not see it.`,
  tail: [],
  next: 'See what changes it behind the deployment, and try again.',
})
