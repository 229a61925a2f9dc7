import type { Failure } from '../question/decision.ts'

/** Something that was read, or could not be read, and holds back what brings a release forward. */
export type Signal =
  /** An open issue with a label that halts. */
  | {
      readonly kind: 'issue'
      readonly number: number
      readonly title: string
      readonly label: string
      readonly url: string
    }
  /** A command or an address of the policy tells of an alarm. `said`: its last line, or its answer. */
  | {
      readonly kind: 'alarm'
      readonly source: 'command' | 'http'
      readonly name: string
      readonly said: string
    }
  /** A person's halt: an ask that this deployment takes, or one that stands for the environment. */
  | {
      readonly kind: 'person'
      readonly ask: string
      readonly by: string
      readonly reason: string
      readonly at: string
      /** True if it is not for one deployment: it stays until a person lifts it. */
      readonly stands: boolean
    }
  /** A reading that failed: for a minute before a deployment is held, once where it is only shown. */
  | { readonly kind: 'unknown'; readonly source: SignalSource; readonly why: string }

export type SignalSource = 'issues' | 'command' | 'http' | 'asks'

/** All signals of an environment as one look found them. With an open one it is *open*, whatever is unknown beside it. */
export type Signals =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'open' | 'unknown'; readonly signals: readonly Signal[] }

/** The time for which an unknown signal is asked again before it halts. */
export const patienceForUnknown = 60_000

export function signalsOf(signals: readonly Signal[]): Signals {
  if (signals.length === 0) return { kind: 'quiet' }
  return { kind: signals.every(({ kind }) => kind === 'unknown') ? 'unknown' : 'open', signals }
}

/** The name by which a person passes a signal: another issue, another person's halt, or another alarm halts again. */
export function signalKey(signal: Signal): string {
  switch (signal.kind) {
    case 'issue':
      return `issue/${signal.number}`
    case 'alarm':
      return `${signal.source}/${signal.said}`
    case 'person':
      return `person/${signal.ask}`
    case 'unknown':
      return `unknown/${signal.source}`
  }
}

/** True if a machine saw it: people answer for their own halt, and a reading that failed takes nothing back. */
export const wasObserved = ({ kind }: Signal): boolean => kind === 'issue' || kind === 'alarm'

/** `issue #12 "Orders are lost" (incident) is open` */
export function describeSignal(signal: Signal): string {
  switch (signal.kind) {
    case 'issue':
      return `issue #${signal.number} "${signal.title}" (${signal.label}) is open`
    case 'alarm':
      return signal.said === '' ? `${signal.name} tells of an alarm` : `${signal.name}: ${signal.said}`
    case 'person':
      return `${signal.by} halted it at ${signal.at}${signal.reason === '' ? '' : `: ${signal.reason}`}`
    case 'unknown':
      return `${sourceWords[signal.source]} unknown: ${signal.why.replace(/\.$/, '')}`
  }
}

const sourceWords: Readonly<Record<SignalSource, string>> = {
  issues: 'the issues that halt are',
  command: 'the result of the halt command is',
  http: 'the answer of the halt address is',
  asks: 'the asks of people are',
}

/** The link of a signal; null without one. */
export const linkOf = (signal: Signal): string | null => (signal.kind === 'issue' ? signal.url : null)

/** A halt as the failure that a question shows: each signal is a line, with its link. */
export const haltFailure = (environment: string, signals: readonly Signal[]): Failure => ({
  code: 'halted',
  what: `${environment} is halted: ${signals.map(describeSignal).join('; ')}.`,
  tail: signals.flatMap((signal) => linkOf(signal) ?? []),
})
