import { isRelease } from '../release/release.ts'
import type { Desired } from './desired.ts'

/** The report of an agent about its last look. */
export interface AgentReport {
  /** The order that it works on, or has ended; null where it has taken none. */
  readonly order: string | null
  readonly state: 'done' | 'working' | 'failed' | 'refused' | 'waiting'
  /** The reason of a failure or a refusal; empty for the other states. */
  readonly why: string
  /** The time of its last look, as it wrote it; empty where it wrote none. */
  readonly looked: string
}

/** The present knowledge of an instance that pulls. A null report: none could be read. */
export interface PulledSeen {
  /** The release that the instance says it runs; null where it says none. */
  readonly version: string | null
  /** The words for that: `it says v1.2.0`. */
  readonly words: string
  readonly report: 'not-asked' | AgentReport | null
}

export type Convergence =
  | { readonly kind: 'there' }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string }

const states: readonly string[] = [
  'done',
  'working',
  'failed',
  'refused',
  'waiting',
] satisfies readonly AgentReport['state'][]

/** Reads an agent's report; null for a text that is none. */
export function agentReport(text: string): AgentReport | null {
  try {
    const { order, state, why, looked }: Readonly<Record<string, unknown>> = JSON.parse(text)
    if (typeof state !== 'string' || !states.includes(state)) return null
    return {
      order: typeof order === 'string' && order !== '' ? order : null,
      state: state as AgentReport['state'],
      why: typeof why === 'string' ? why : '',
      looked: typeof looked === 'string' ? looked : '',
    }
  } catch {
    return null
  }
}

/**
 * Holds an instance against its desired release. Only what it says itself counts as there, and with a report the agent
 * must have ended this very order: a report that could not be read leaves the matter open.
 */
export function convergence(
  { order, release }: Pick<Desired, 'order' | 'release'>,
  { version, words, report }: PulledSeen,
): Convergence {
  if (report === null) return { kind: 'waiting', why: `${words}, and its agent's report could not be read` }
  if (report !== 'not-asked') {
    const ended = report.order === order
    if (ended && report.state === 'failed') return { kind: 'failed', why: report.why }
    if (!ended || report.state !== 'done')
      return { kind: 'waiting', why: `${words}, and ${agentInWords(order, report)}` }
  }
  return version !== null && isRelease(version, release) ? { kind: 'there' } : { kind: 'waiting', why: words }
}

function agentInWords(order: string, { order: taken, state, why, looked }: AgentReport): string {
  const since = looked === '' ? '' : `, looked last at ${looked}`
  if (state === 'refused') return `its agent refuses: ${why}${since}`
  if (taken === order) return `its agent is at work${since}`
  return `its agent has not taken order ${order}${since}`
}
