import type { ProblemWords } from '../../../domain/problem.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { unknown } from '../../../domain/reading.ts'
import type { KubectlAnswer } from './kubectl.ts'

/** The reason why there is no answer, as the rest of a sentence. */
export function whyOf(answer: KubectlAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return 'kubectl answered something that is not of the expected shape'
    case 'unheard':
      return answer.why
    case 'refused':
      return answer.said
  }
}

export const unreadable = (what: string, answer: KubectlAnswer) =>
  unknown({
    code: 'engine-unknown',
    what: `Kubernetes did not tell of ${what}.`,
    why: `${whyOf(answer)}.`,
    next: nextOf(answer),
  })

function nextOf(answer: KubectlAnswer): string {
  if (answer.kind === 'unheard' && answer.why.includes('not found'))
    return 'Install kubectl on the runner, in a step before Rollgate.'
  if (answer.kind === 'refused' && answer.reason === 'Forbidden')
    return 'Give the account of the kubeconfig the Role of docs/engines-kubernetes.md.'
  return 'Check KUBECONFIG, the context, and that the runner reaches the API server.'
}

/** A call that did not succeed. */
export const engineRefused = (what: string, answer: KubectlAnswer): Failure => ({
  code: answer.kind === 'unheard' ? 'engine-unknown' : 'engine-refused',
  what: `${what}: ${whyOf(answer)}.`,
  tail: [],
  next: nextOf(answer),
})

/** A change that was refused, or whose answer was lost: then the cluster may have made it. */
export const notMade = (what: string, answer: KubectlAnswer): Failure =>
  engineRefused(answer.kind === 'refused' ? what : `${what}, or the answer was lost`, answer)

/** A reading that a change needs, and did not get. */
export const unread = ({ code, what, why, next }: ProblemWords): Failure => ({
  code,
  what: `${what} ${why}`,
  tail: [],
  next,
})

export const missing = (what: string): Failure => ({
  code: 'engine-refused',
  what: `There is no ${what}, and no manifest that makes one.`,
  tail: [],
  next: 'Create it, or name its manifests in the config.',
})
