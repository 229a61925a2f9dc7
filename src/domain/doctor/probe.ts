import type { ProblemWords } from '../problem.ts'
import type { Reading } from '../reading.ts'
import { type Diagnosis, well } from './health.ts'

/** The steps of a probe, in their order. */
export type ProbeStep = 'make' | 'move' | 'remove'

/** One reference that was made, moved forward and removed again. */
export interface ProbeRead {
  readonly ref: string
  /** The steps that failed, in their order. */
  readonly failed: readonly { readonly step: ProbeStep; readonly why: ProblemWords }[]
  /** The references of probes that are there now, those of other runs as well. */
  readonly left: Reading<readonly string[]>
}

/** Judges a probe. What it left behind is named. */
export function judgeProbe(probe: ProbeRead): Diagnosis & { readonly value: Reading<unknown>['kind'] } {
  const about = { question: 'ledger-writable', subject: null } as const
  const [first] = probe.failed
  const left = leftBehind(probe)
  if (first === undefined)
    return left === null
      ? {
          ...well(about, 'A reference beside the ledgers was made, moved forward and removed.'),
          value: 'found',
        }
      : {
          ...about,
          health: 'beware',
          value: 'found',
          what: `A reference beside the ledgers was made and moved forward. ${left.what}`,
          next: left.next,
        }
  const unclear = first.why.code === 'github-unavailable'
  return {
    ...about,
    health: unclear ? 'unknown' : 'ill',
    value: unclear ? 'unknown' : 'absent',
    what: [`${failure[first.step]}: ${first.why.what}`, left?.what ?? ''].join(' ').trim(),
    next: [first.why.next, left?.next ?? ''].join(' ').trim(),
  }
}

const failure: { readonly [Step in ProbeStep]: string } = {
  make: 'A reference beside the ledgers could not be made',
  move: 'A reference beside the ledgers could not be moved forward',
  remove: 'A reference beside the ledgers could not be removed again',
}

function leftBehind({ ref, left }: ProbeRead): { what: string; next: string } | null {
  if (left.kind === 'unknown')
    return {
      what: `It is not known whether ${ref} is gone.`,
      next: `Look with "git ls-remote origin ${ref}", and remove it with "git push origin :${ref}".`,
    }
  const there = left.kind === 'found' ? left.value : []
  if (there.length === 0) return null
  return {
    what: `References of probes are still there: ${there.join(', ')}.`,
    next: `If no other doctor is running, remove them: git push origin ${there.map((one) => `:${one}`).join(' ')}.`,
  }
}
