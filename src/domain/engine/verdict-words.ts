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
      return `The engine went back by itself: ${service} is to run ${imagesInWords(seen.wanted)} again${because(seen)}. ${replicasInWords(seen, 'these images')}`
    case 'paused':
      return seen.phase === 'held'
        ? `Rollgate holds the rollout of ${service} on the engine, as a halt wanted it. ${replicas}`
        : `The rollout of ${service} is paused on the engine${lastChange(seen)}. ${replicas}`
    case 'superseded':
      return `Another rollout of ${service} took the place of this one${lastChange(seen)}: the engine is to run ${imagesInWords(seen.wanted)} now. ${replicasInWords(seen, 'these images')}`
    case 'scaled-to-zero':
      return `The engine is to run no replica of ${service}${lastChange(seen)}: it is scaled to zero, or no node fits it. Nothing can be seen to serve.`
    case 'late':
      return `${service} was not done within ${duration(awaited.deadline)}${because(seen)}. ${replicas}`
    default:
      return unreachable(verdict)
  }
}

function nextOf({ kind }: BadEnd, { service, seen }: Judged): string {
  switch (kind) {
    case 'stuck':
    case 'failed':
    case 'late':
      return 'Mend the cause and decide retry: the engine is read first, and only what it does not want yet is handed over.'
    case 'rolled-back':
      return 'Find the cause in the log of the engine. retry hands the release over once more.'
    case 'paused':
      return seen.phase === 'held' ? 'Decide retry: the rollout goes on.' : resumeThere
    case 'superseded':
      return `Ask who changed ${service}. retry hands this release over once more, in place of that rollout; force-next leaves it.`
    case 'scaled-to-zero':
      return `Scale ${service} up, or give it a node that fits, then decide retry; or decide force-next if it is meant to have no replica.`
  }
}

const resumeThere =
  'Resume it on the engine, then decide retry. Rollgate resumes nothing that it has not paused.'

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
        `Another rollout of ${service} is under way on the engine${lastChange(seen)}, to ${to}. ${replicas} Nothing was handed over.`,
        'Let it end, then decide retry. retry while it is under way hands this release over in its place.',
      )
    case 'superseded':
      return failure(
        'engine-superseded',
        `${service} was changed on the engine since this deployment last looked${lastChange(seen)}: the engine is to run ${to} now. ${replicasInWords(seen, 'these images')} Nothing was handed over.`,
        `Ask who changed ${service}. retry hands over in place of that rollout; force-next leaves it.`,
      )
    case 'paused':
      return failure(
        'engine-paused',
        `${service} is paused on the engine${lastChange(seen)}. ${replicas} Nothing was handed over.`,
        resumeThere,
      )
  }
}

/** Returns the replicas in a sentence: `2 of 6 replicas run the newest images, 1 of these is ready; 5 others are left.` */
export function replicasInWords(
  { replicas: { wanted, updated, ready, old } }: EngineSeen,
  which = 'the newest images',
): string {
  const well = updated === 0 ? '' : `, ${ready === 0 ? 'none' : ready} of these ${are(ready || 1)} ready`
  const left = old === 0 ? 'no other is left' : `${old} other${old === 1 ? '' : 's'} ${are(old)} left`
  return `${updated} of ${wanted} replicas run ${which}${well}; ${left}.`
}

const are = (count: number): string => (count === 1 ? 'is' : 'are')

const because = (seen: EngineSeen): string => {
  const lasting = lastingIn(seen)
  const troubles = lasting.length > 0 ? lasting : seen.troubles
  return troubles.length === 0 ? '' : `: ${troublesInWords(troubles)}`
}

/** The author of the newest change, who need not be the author of what is told. */
const lastChange = ({ changedBy }: EngineSeen): string =>
  changedBy.kind === 'found' ? ` (changed last by ${changedBy.value})` : ''

/** The state of a rollout, as a person reads it. */
export const phaseWords = {
  rolling: 'rolling',
  settled: 'settled',
  paused: 'paused',
  held: 'held by Rollgate',
  failed: 'given up',
  'rolled-back': 'went back by itself',
} as const satisfies Readonly<Record<EngineSeen['phase'], string>>

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
