import type { Event } from '../journal/journal.ts'
import { describeOutcome, type Outcome, outcomeWord, reasonOf } from '../journal/outcome.ts'
import type { Underway } from '../ledger/underway.ts'
import { titleOf } from '../plan/plan.ts'
import type { Mode } from '../plan/undertaking.ts'
import { ruleOf, waitsForNames } from '../question/gate.ts'
import { failureOf, type Pause } from '../question/pause.ts'
import type { ReleaseId } from '../release/release.ts'
import { traitsOf } from '../step/traits.ts'
import { type NoticePoint, type NoticeRule, nameOfWay } from './notice-rule.ts'

/**
 * A notice that is still to be sent. The ledger gets it in the very commit that makes it true, so that a run which dies
 * between the two loses none; it leaves the ledger once it was sent. A receiver may get it twice, with the same id.
 */
export interface Notice {
  /** `shop/production/7.12`: the twelfth event of deployment 7. */
  readonly id: string
  /** The name of the way; see `nameOfWay`. */
  readonly to: string
  readonly point: NoticePoint
  /** ISO time in UTC of the event. */
  readonly at: string
  /** False before named people have approved: its command does not see the variables of `ROLLGATE_ENV` then. */
  readonly approved: boolean
  readonly facts: NoticeFacts
  /** The failed tries so far. */
  readonly tries: number
  /** The reason of the last failure; null before one. */
  readonly failure: string | null
}

/** The facts that a receiver gets, in words that are fit to be shown. */
export interface NoticeFacts {
  readonly app: string
  readonly environment: string
  /** The address of the environment; null without one. */
  readonly url: string | null
  readonly deployment: number
  readonly mode: Mode
  readonly release: ReleaseId
  /** The release that served before; null for the first. */
  readonly previous: ReleaseId | null
  /** `Deploy v1.2.0 to production: waits for approval`. */
  readonly title: string
  /** The reason of a failure or of a question; empty without one. */
  readonly reason: string
  /** The outcome, as the output `outcome` says it; null while the deployment lasts. */
  readonly outcome: string | null
  /** The id of the open question; null without one. */
  readonly pause: string | null
  /** The logins who asked for the deployment. */
  readonly by: readonly string[]
  /** The address of the run. */
  readonly run: string
}

/** A notice is tried so often, and then only shown: the receiver is gone, or its config is wrong. */
export const mostTries = 5

/** The most notices that a ledger keeps; the oldest go first. */
const mostKept = 50

/** The notices of an event that has just joined the journal of a deployment. */
export function noticesOf(underway: Underway, event: Event): readonly Notice[] {
  const { notify } = underway.plan.environment
  const moment = notify.length === 0 ? null : momentOf(underway, event)
  if (moment === null) return []
  const id = `${underway.plan.app}/${underway.plan.environment.name}/${underway.number}.${underway.journal.length}`
  const { point, ...told } = moment
  return notify
    .filter(({ on }) => on.includes(point))
    .map((rule) => ({
      ...{ id, to: nameOf(rule), point, at: event.at, approved: !waitsForNames(underway) },
      ...{ facts: { ...factsOf(underway), ...told }, tries: 0, failure: null },
    }))
}

const nameOf = ({ by }: NoticeRule): string => nameOfWay(by)

type NoticeMoment = Pick<NoticeFacts, 'title' | 'reason' | 'outcome' | 'pause'> & {
  readonly point: NoticePoint
}

/** Returns the moment that an event is; null for every other event. */
function momentOf(underway: Underway, event: Event): NoticeMoment | null {
  const titled = (words: string) => `${titleOf(underway.plan, (name) => name)}: ${words}`
  switch (event.kind) {
    case 'opened':
      return waitsForNames(underway) ? null : { ...plainly('started'), title: titled('started') }
    case 'decided':
      return event.decision === 'approve' && ruleOf(underway.plan).kind === 'named'
        ? { ...plainly('started'), title: titled('approved and started') }
        : null
    case 'paused': {
      const { pause } = event
      const point = pointOfPause[pause.kind]
      if (point === null) return null
      const reason = failureOf(pause)?.what ?? ''
      return { ...plainly(point), title: titled(pauseWords(pause, point)), reason, pause: pause.id }
    }
    case 'ended': {
      const { outcome } = event
      const title = titled(describeOutcome(outcome))
      return {
        point: pointOf(outcome),
        title,
        reason: reasonIn(outcome),
        outcome: outcomeWord(outcome),
        pause: null,
      }
    }
    case 'step-started':
    case 'step-succeeded':
    case 'undo-succeeded':
      return detourMoment(underway, event, titled)
    default:
      return null
  }
}

/**
 * Editors are told before the copy is made: what they write from then on may be lost. A run that resumes the opening of
 * another begins no second detour.
 */
function detourMoment(
  { plan, journal }: Underway,
  { kind, step: id }: { readonly kind: string; readonly step: string },
  titled: (words: string) => string,
): NoticeMoment | null {
  const step = plan.steps.find((one) => one.id === id)
  if (step === undefined || !('detour' in step)) return null
  const { remembers } = traitsOf(step)
  const loses = step.detour.mode === 'read-write'
  if (remembers === 'detour' && kind === 'step-started')
    return wasBegun(journal.slice(0, -1), id)
      ? null
      : {
          ...plainly('detour-opened'),
          title: titled(
            loses
              ? 'a detour opens. Make no updates until it is over: what is written from now on is lost'
              : 'a detour opens. Updates are refused until it is over',
          ),
        }
  const opened = remembers === 'detour' || remembers === 'detour-joined'
  const over = kind === 'undo-succeeded' ? opened : remembers === 'detour-end' && kind === 'step-succeeded'
  return over
    ? { ...plainly('detour-closed'), title: titled('the detour is over. Updates are safe again') }
    : null
}

/** True if a step has begun, and was not taken back since. */
function wasBegun(before: Underway['journal'], step: string): boolean {
  const last = (kind: Event['kind']) =>
    before.findLastIndex((event) => event.kind === kind && 'step' in event && event.step === step)
  return last('step-started') > last('undo-succeeded')
}

/** The moment that a pause is; null where nothing waits for a person. */
const pointOfPause: Readonly<Record<Pause['kind'], 'waiting' | 'halted' | null>> = {
  approval: 'waiting',
  'failed-step': 'waiting',
  'failed-instances': 'waiting',
  'no-capacity': 'waiting',
  inspection: 'waiting',
  'revert-inspection': 'waiting',
  verdict: 'waiting',
  halt: 'halted',
  wait: null,
  bake: null,
}

const plainly = (point: NoticePoint) => ({ point, reason: '', outcome: null, pause: null }) as const

const pauseWords = ({ kind, step }: Pause, point: NoticePoint): string =>
  kind === 'approval'
    ? 'waits for approval'
    : `${point === 'halted' ? 'halted' : 'waits for a decision'} at ${step}`

/** Everything that is neither a success nor a way back is told as a failure; `outcome` has the word. */
function pointOf({ kind }: Outcome): NoticePoint {
  switch (kind) {
    case 'succeeded':
    case 'rolled-back':
      return kind
    case 'failed':
    case 'rejected':
    case 'cancelled':
    case 'abandoned':
      return 'failed'
  }
}

const reasonIn = (outcome: Outcome): string =>
  outcome.kind === 'failed' ? outcome.failure.what : reasonOf(outcome)

function factsOf({
  plan,
  number,
  journal,
  holder,
}: Underway): Omit<NoticeFacts, 'title' | 'reason' | 'outcome' | 'pause'> {
  const { app, environment, mode, release, from } = plan
  const runs = journal.flatMap((event) =>
    event.kind === 'opened' || event.kind === 'resumed' ? [event.run] : [],
  )
  const opened = journal.find((event) => event.kind === 'opened')
  return {
    app,
    environment: environment.name,
    url: environment.url,
    deployment: number,
    mode,
    release: { tag: release.tag, sha: release.sha },
    previous: from && { tag: from.tag, sha: from.sha },
    by: opened?.by ?? [],
    run: (runs.at(-1) ?? holder)?.url ?? '',
  }
}

/** Whatever keeps notices: a ledger. */
interface NoticeKeeper {
  readonly notices: readonly Notice[]
}

export const withNotices = <Kept extends NoticeKeeper>(ledger: Kept, more: readonly Notice[]): Kept =>
  more.length === 0 ? ledger : { ...ledger, notices: [...ledger.notices, ...more].slice(-mostKept) }

/** The notices that are to be sent now. */
export const dueIn = ({ notices }: NoticeKeeper): readonly Notice[] =>
  notices.filter(({ tries }) => tries < mostTries)

/** The notices that failed at least once: they are shown wherever the environment is. */
export const untoldIn = ({ notices }: NoticeKeeper): readonly Notice[] =>
  notices.filter(({ failure }) => failure !== null)

/** The end of one try. A try that was cut short, or whose way is not in the policy any more, counts as none. */
export type NoticeEnd =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'no-way' }
  | { readonly kind: 'cut-short' }

export interface Tried {
  readonly notice: Notice
  readonly end: NoticeEnd
}

/** True if two are the same notice, for the same recipient. */
export const isSameNotice = (one: Notice, other: Notice): boolean =>
  one.id === other.id && one.to === other.to

/** Returns the ledger after some tries: sent notices leave it, and a failed one keeps its reason. */
export function afterTries<Kept extends NoticeKeeper>(ledger: Kept, tried: readonly Tried[]): Kept {
  const notices = ledger.notices.flatMap((notice) => {
    const end = tried.find((one) => isSameNotice(one.notice, notice))?.end
    if (end?.kind === 'sent' || end?.kind === 'no-way') return []
    return end?.kind === 'failed' ? [{ ...notice, tries: notice.tries + 1, failure: end.why }] : [notice]
  })
  return { ...ledger, notices }
}

/** `waiting of deployment 7 was not told to bin/chat: exited with 1; tried 2 of 5 times`. */
export const describeUntold = ({ point, facts, to, failure, tries }: Notice): string =>
  `${point} of deployment ${facts.deployment} was not told to ${to}: ${failure ?? 'not tried yet'}; tried ${tries} of ${mostTries} times`
