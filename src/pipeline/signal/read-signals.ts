import type { Standing } from '../../domain/journal/standing.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { HaltPolicy } from '../../domain/signal/halt-policy.ts'
import { isHeldBySignals } from '../../domain/signal/held.ts'
import { type Signal, type Signals, signalKey, signalsOf } from '../../domain/signal/signal.ts'
import { type Context, quoted } from '../run/context.ts'
import { inPolicyFiles } from './policy-files.ts'
import { addressSource, askSource, commandSource, issueSource } from './sources.ts'
import { type ReadSource, untilKnown } from './until-known.ts'

/**
 * Reads everything that may hold a deployment, all at once: one wait, and at most a request a label beside the one for the
 * lock, which has the asks as well. A signal that a person has passed, or heard, counts no more.
 */
export async function readSignals(context: Context): Promise<Signals> {
  const { plan, session, ports, stop } = context
  if (modes[plan.mode].heldBy === 'nothing') return signalsOf([])
  const watched = isHeldBySignals(plan)
  const sources = [asks(context, watched), ...(watched ? policySources(context, plan.environment.halt) : [])]
  const signals = await untilKnown(ports.clock, sources, stop.asked, (source, why) =>
    ports.voice.line(`It is unknown whether ${source} halt; they are asked again for a minute: ${why}`),
  )
  return signalsOf(signals.filter((signal) => isNew(signal, session.standing)))
}

/** True if a signal was neither passed by a person nor, for an ask of this deployment, heard. */
export function isNew(signal: Signal, { passed, heard }: Pick<Standing, 'passed' | 'heard'>): boolean {
  if (passed.includes(signalKey(signal))) return false
  // An ask for this deployment counts once; one for the environment as long as it stands.
  return signal.kind !== 'person' || signal.stands || !heard.includes(signal.ask)
}

/** Read after the lock, from the commit that the look at the lock found. */
function asks({ ports, plan, session }: Context, standing: boolean): ReadSource {
  const { app, environment } = plan
  const read = async () => {
    await session.stillLocked()
    const { asks } = session
    return asks.kind === 'found' ? ports.asks.at(app, environment.name, asks.value) : asks
  }
  return askSource(read, session.deployment.number, standing)
}

const policySources = (context: Context, policy: HaltPolicy | null): ReadSource[] =>
  policy === null
    ? []
    : [
        ...(policy.labels.length === 0 ? [] : [issueSource(context.ports, policy)]),
        ...alarmSources(context, policy),
      ]

/** The address and the command of the policy. */
export function alarmSources(context: Context, { command, http }: HaltPolicy): ReadSource[] {
  const { ports, stop } = context
  const seen = seenBy(context)
  return [
    ...(http === null ? [] : [addressSource(http.url, () => ports.prober.ask(http, seen, stop.forced))]),
    ...(command === null
      ? []
      : [
          commandSource(command.run, async () => {
            const placed = await inPolicyFiles(context, command)
            if ('unplaced' in placed) return placed
            return quoted({ ports, stop }, 'halt │ ', (watch) => ports.shell.run(placed, seen, watch))
          }),
        ]),
  ]
}

const seenBy = ({ plan, session }: Context) => ({
  ROLLGATE_APP: plan.app,
  ROLLGATE_ENVIRONMENT: plan.environment.name,
  ROLLGATE_RELEASE: plan.release.tag,
  ROLLGATE_SHA: plan.release.sha,
  ROLLGATE_DEPLOYMENT: String(session.deployment.number),
})
