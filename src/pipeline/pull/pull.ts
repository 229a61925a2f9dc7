import type { PullFleet } from '../../domain/config/fleet.ts'
import { inSeconds } from '../../domain/durations.ts'
import { agentReport, type Convergence, convergence, type PulledSeen } from '../../domain/pull/convergence.ts'
import { type Desired, desiredOf, stillAsked } from '../../domain/pull/desired.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { rollId } from '../../domain/step/step.ts'
import { ask, saidVersion } from '../roll/instance-observed.ts'
import type { InstanceWork } from '../roll/instance-work.ts'
import { answerInWords } from '../run/failure.ts'

/**
 * Has the agent of an instance bring its release: the desired release is saved in the ledger first, then the instance is
 * looked at until it says the release itself. Without that within the intervals it has failed.
 */
export async function pull(work: InstanceWork, fleet: PullFleet): Promise<Failure | null> {
  const desired = await desire(work)
  return desired === null ? withoutManifest(work) : untilThere(work, fleet, desired)
}

/** A run that resumes asks no second time for what was asked already. Null where no agent would take the release. */
async function desire({ context, service, instance, wanted }: InstanceWork): Promise<Desired | null> {
  if (wanted.manifest === undefined) return null
  const { session } = context
  const { direction } = session.standing
  const step = rollId(service.name)
  if (!stillAsked(session.journal, step, instance.name, direction))
    session.note({ kind: 'instance-desired', step, instance: instance.name, direction })
  await session.save()
  return desiredOf(session.ledger.pulled, service.name, instance.name)
}

async function untilThere(work: InstanceWork, fleet: PullFleet, desired: Desired): Promise<Failure | null> {
  const { clock } = work.context.ports
  const longest = fleet.interval * fleet.intervals
  const until = clock.now().getTime() + longest
  for (;;) {
    const found = convergence(desired, await seen(work, fleet))
    if (found.kind === 'there') return null
    if (found.kind === 'failed') return agentFailed(work, found)
    const left = until - clock.now().getTime()
    if (left <= 0 || work.signal.aborted) return notConverged(work, longest, found)
    await clock.sleep(Math.min(left, paceOf(fleet)), work.signal)
  }
}

/** Twenty looks an interval, and not more than four a second. */
const paceOf = ({ interval }: PullFleet): number => Math.min(Math.max(interval / 20, 250), 5_000)

async function seen(work: InstanceWork, { status }: PullFleet): Promise<PulledSeen> {
  const { version } = work.service
  const [said, reported] = await Promise.all([
    version === null ? null : ask(work, version),
    status === null ? null : ask(work, status),
  ])
  const release = said?.kind === 'yes' ? saidVersion(said.text) : null
  const words = said === null || said.kind === 'yes' ? `it says ${release ?? 'nothing'}` : answerInWords(said)
  if (reported === null) return { version: release, words, report: 'not-asked' }
  return { version: release, words, report: reported.kind === 'yes' ? agentReport(reported.text) : null }
}

const notConverged = (
  { instance, wanted }: InstanceWork,
  longest: number,
  { why }: Extract<Convergence, { kind: 'waiting' }>,
): Failure => ({
  code: 'not-converged',
  what: `${instance.name} did not come to ${wanted.tag} within ${inSeconds(longest)}: ${why}.`,
  tail: [],
})

const agentFailed = (
  { instance, wanted }: InstanceWork,
  { why }: Extract<Convergence, { kind: 'failed' }>,
): Failure => ({
  code: 'agent-failed',
  what: `The agent of ${instance.name} could not bring ${wanted.tag}: ${why}.`,
  tail: [],
})

const withoutManifest = ({ instance, wanted }: InstanceWork): Failure => ({
  code: 'manifest-missing',
  what: `${instance.name} cannot be brought to ${wanted.tag}, which has no manifest: its agent takes no release without.`,
  tail: [],
})
