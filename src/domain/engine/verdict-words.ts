import { duration } from '../durations.ts'
import type { ProblemCode } from '../problem.ts'
import { type Failure, unreachable } from '../question/decision.ts'
import type { Approach } from './approach.ts'
import type { EngineSeen, Trouble } from './engine-seen.ts'
import { imagesInWords } from './images.ts'
import { type Awaited, type EngineVerdict, lastingIn } from './verdict.ts'

/** The service that is judged, and the look at it. */
interface Judged {
  readonly service: string
  readonly seen: EngineSeen
  readonly awaited: Awaited
}

type BadEnd = Exclude<EngineVerdict, { kind: 'done' | 'rolling' | 'settling' }>

/** Returns what went wrong with a rollout, with the engine's reasons and the last log lines of its replicas. */
export function rolloutFailure(verdict: BadEnd, judged: Judged): Failure {
  const { seen } = judged
  return failure(codes[verdict.kind], whatOf(verdict, judged), nextOf(verdict, judged), tailOf(seen.troubles))
}

const codes = {
  stuck: 'engine-stuck',
  failed: 'engine-failed',
  'rolled-back': 'engine-rolled-back',
  paused: 'engine-paused',
  superseded: 'engine-superseded',
  'scaled-to-zero': 'engine-scaled-to-zero',
  late: 'engine-late',
} as const satisfies Readonly<Record<BadEnd['kind'], ProblemCode>>

function whatOf(verdict: BadEnd, { service, seen, awaited }: Judged): string {
  const replicas = replicasInWords(seen)
  switch (verdict.kind) {
    case 'stuck':
      return `The rollout of ${service} cannot go on by itself: ${troublesInWords(verdict.troubles)}. ${replicas}`
    case 'failed':
      return `The engine has given up the rollout of ${service}${because(seen)}. ${replicas}`
    case 'rolled-back':
      return `The engine went back by itself: ${service} is to run ${imagesInWords(seen.wanted)} again${because(seen)}. ${replicas}`
    case 'paused':
      return `The rollout of ${service} is paused on the engine${byWhom(seen)}. ${replicas}`
    case 'superseded':
      return `Another rollout of ${service} took the place of this one${byWhom(seen)}: it is to run ${imagesInWords(seen.wanted)} now. ${replicas}`
    case 'scaled-to-zero':
      return `${service} is scaled to zero on the engine${byWhom(seen)}: no replica runs, so that nothing can be seen to serve.`
    case 'late':
      return `${service} was not done within ${duration(awaited.deadline)}${because(seen)}. ${replicas}`
    default:
      return unreachable(verdict)
  }
}

function nextOf({ kind }: BadEnd, { service }: Judged): string {
  switch (kind) {
    case 'stuck':
    case 'failed':
    case 'late':
      return 'Mend the cause and decide retry: the engine is read first, and only what it does not want yet is handed over. Or decide roll-back: the digests from before are handed over.'
    case 'rolled-back':
      return 'Find the cause in the log lines. Decide roll-back to take the other services back as well, or retry to hand the release over once more.'
    case 'paused':
      return 'Resume it on the engine, then decide retry. Rollgate resumes nothing that somebody has paused.'
    case 'superseded':
      return `Ask who changed ${service}. retry hands this release over once more, in place of that rollout; force-next leaves it.`
    case 'scaled-to-zero':
      return `Scale ${service} up, then decide retry; or decide force-next if it is meant to have no replica.`
  }
}

/** Returns why nothing was handed over, after a look that this deployment does not account for. */
export function approachFailure(
  { because: reason }: Extract<Approach, { kind: 'ask' }>,
  service: string,
  seen: EngineSeen,
): Failure {
  const replicas = replicasInWords(seen)
  const to = imagesInWords(seen.wanted)
  switch (reason) {
    case 'busy':
      return failure(
        'engine-superseded',
        `Another rollout of ${service} is under way on the engine${byWhom(seen)}, to ${to}. ${replicas} Nothing was handed over.`,
        'Let it end, then decide retry. retry while it is under way hands this release over in its place.',
      )
    case 'superseded':
      return failure(
        'engine-superseded',
        `${service} was changed on the engine since this deployment looked last${byWhom(seen)}: it is to run ${to} now. ${replicas} Nothing was handed over.`,
        `Ask who changed ${service}. The same decision once more hands over in place of that rollout; force-next leaves it.`,
      )
    case 'paused':
      return failure(
        'engine-paused',
        `${service} is paused on the engine${byWhom(seen)}. ${replicas} Nothing was handed over.`,
        'Resume it on the engine, then decide retry. Rollgate resumes nothing that somebody has paused.',
      )
  }
}

/** Returns the replicas in a sentence: `2 of 6 run the new images, 1 of them is ready, 5 run others.` */
export function replicasInWords({ replicas: { wanted, updated, ready, old } }: EngineSeen): string {
  return `${updated} of ${wanted} replicas run the newest images, ${ready} of these are ready, ${old} run others.`
}

const because = (seen: EngineSeen): string => {
  const lasting = lastingIn(seen)
  const troubles = lasting.length > 0 ? lasting : seen.troubles
  return troubles.length === 0 ? '' : `: ${troublesInWords(troubles)}`
}

const byWhom = ({ changedBy }: EngineSeen): string =>
  changedBy.kind === 'found' ? ` by ${changedBy.value}` : ''

const mostTroubles = 3

const troublesInWords = (troubles: readonly Trouble[]): string => {
  const more = troubles.length - mostTroubles
  const words = troubles
    .slice(0, mostTroubles)
    .map(({ replica, reason, message }) => `${replica} ${reason}${message === '' ? '' : ` (${message})`}`)
  return `${words.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

/** The log lines of the first replica that has any. */
const tailOf = (troubles: readonly Trouble[]): readonly string[] =>
  troubles.find(({ lasting, tail }) => lasting && tail.length > 0)?.tail ??
  troubles.find(({ tail }) => tail.length > 0)?.tail ??
  []

const failure = (code: ProblemCode, what: string, next: string, tail: readonly string[] = []): Failure => ({
  code,
  what,
  tail,
  next,
})
