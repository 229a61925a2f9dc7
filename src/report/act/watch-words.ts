import { describeOverdue, isOverdue } from '../../domain/detour/words.ts'
import { describeOutcome } from '../../domain/journal/outcome.ts'
import { standing } from '../../domain/journal/standing.ts'
import { type Duty, ranOut } from '../../domain/ledger/duty.ts'
import { leaseWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { describeUnderway } from '../../domain/ledger/underway-words.ts'
import { describeUntold, untoldIn } from '../../domain/notify/notice.ts'
import { unreachable } from '../../domain/question/decision.ts'
import { endsByTime } from '../../domain/question/pause.ts'
import { watchedBy } from '../../domain/question/wait-words.ts'
import { describeSignal } from '../../domain/signal/signal.ts'
import { describeWave } from '../../domain/wave/wave.ts'
import { counted } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import type { DeedView, WatchView } from './watch-view.ts'

/** The words of the watch about an environment. */
export interface WatchWords {
  /** The state of the environment now. */
  readonly state: string
  /** The deeds of the watch. */
  readonly did: readonly string[]
  /** The findings that the watch could not correct. */
  readonly open: readonly string[]
}

export const watchInWords = (watched: WatchView, now: string): WatchWords => ({
  state: watched.ledger === null ? 'could not be read' : stateOf(watched, watched.ledger),
  did: [...watched.deeds.map(deedInWords), ...watched.corrected],
  open: [
    ...(watched.due === null
      ? []
      : [`${dutyInWords(watched.due.duty)}: this needs the commands of ${watched.due.release.tag}`]),
    ...(watched.ledger === null ? [] : leaseInWords(watched.ledger, now)),
    ...(watched.ledger === null ? [] : overdueIn(watched.ledger, now)),
    ...(watched.ledger === null ? [] : untoldIn(watched.ledger).map(describeUntold)),
    ...(watched.ledger === null ? [] : wavesLeft(watched.ledger)),
    ...(watched.problem === null ? [] : [watched.problem.what]),
  ],
})

/** A wave of the serving release whose run may not be there. */
const wavesLeft = ({ waves, serving }: Ledger): string[] =>
  waves
    .filter(({ kind, release }) => kind === 'asked' && release.sha === serving?.release.sha)
    .map(describeWave)

function stateOf({ live }: WatchView, { deployment, serving }: Ledger): string {
  const serves = serving === null ? 'serves nothing' : `serves ${serving.release.tag}`
  if (deployment === null) return serves
  const { plan, journal, holder } = deployment
  const it = describeUnderway(deployment)
  if (live) return `${it} is at work`
  const { pause } = standing(plan, journal)
  if (pause !== null && endsByTime(pause))
    return `${it} watches ${watchedBy(pause)} until ${moment(pause.until)}`
  if (pause !== null) return `${it} waits for a person: question ${pause.id}, ${pause.options.join(', ')}`
  if (holder !== null) return `${it} was broken off`
  return `${it} was left unfinished: run it again, or decide`
}

/** A lease that is over under a migration which has not succeeded is for a person to end. */
const leaseInWords = ({ leases }: Ledger, now: string): string[] =>
  leases
    .filter((lease) => lease.pinned && ranOut(lease, new Date(now)))
    .map(({ kind, since }) => {
      const { thing, taken, giveBack } = leaseWords[kind]
      return `the ${thing} is ${taken} since ${moment(since)}, longer than its lease, by a deployment whose migration has not succeeded: only a person may ${giveBack} it`
    })

/** A detour is never ended because no answer came: people are called, again and again. */
export function overdueIn({ detour, deployment }: Ledger, now: string): string[] {
  if (detour === null || !isOverdue(detour, now)) return []
  const pause = deployment === null ? null : standing(deployment.plan, deployment.journal).pause
  return [describeOverdue(detour, pause?.id ?? null)]
}

function deedInWords({ duty, concluded }: DeedView): string {
  const words = dutyInWords(duty)
  if (concluded === null) return `${words}: done`
  const { ending } = concluded
  switch (ending.kind) {
    case 'ended':
      return `${words}: ${describeOutcome(ending.outcome)}`
    case 'waiting':
      return `${words}: it waits for a person at ${ending.pause.step}, question ${ending.pause.id}`
    case 'interrupted':
      return ending.problem === null ? `${words}: let go, for a run that finishes it` : `${words}: broke off`
    default:
      return unreachable(ending)
  }
}

export function dutyInWords(duty: Duty): string {
  switch (duty.kind) {
    case 'close':
      return `the run of deployment ${duty.underway.number} is over, and had not let go`
    case 'halt':
      return `${duty.signals.map(describeSignal).join('; ')}: deployment ${duty.underway.number} is halted while it is watched`
    case 'look-after':
      return `the instances of deployment ${duty.underway.number} are looked at while it is watched`
    case 'unwell':
      return `${duty.ill.join('; ')}: the watch of deployment ${duty.underway.number} ends early`
    case 'lapse':
      return endsByTime(duty.pause)
        ? `the time to watch ${watchedBy(duty.pause)} of deployment ${duty.underway.number} is over`
        : `no answer to question ${duty.pause.id} in time, which counts as ${duty.pause.expires?.decision ?? 'nothing'}`
    case 'keep-out':
      return `${duty.instances.join(', ')} of deployment ${duty.underway.number} failed and must stay out of traffic`
    case 'keep-out-since':
      return `${duty.instances.join(', ')} failed in an earlier deployment and must stay out of traffic`
    case 'give-back': {
      const { kind, deployment } = duty.lease
      return `the lease of the ${leaseWords[kind].thing}’s ${leaseWords[kind].lease} by deployment ${deployment} is over`
    }
    case 'tell':
      return `${counted(duty.notices, 'notice')} could not be sent`
    default:
      return unreachable(duty)
  }
}
