import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { Finished, Shell } from '../../../pipeline/ports.ts'
import { type Calling, createTool } from '../tool.ts'

/** A little less than a call may take, so that kubectl itself says that the API server does not answer. */
const REQUEST = '--request-timeout=20s'

/** The answer of one call of kubectl. */
export type KubectlAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  /** The API server said no; `reason` is its own word, like `NotFound`, or empty. */
  | { readonly kind: 'refused'; readonly reason: string; readonly said: string }
  /** Nothing is known: kubectl is not here, or no answer of the API server came back. A change may have been made. */
  | { readonly kind: 'unheard'; readonly why: string }

export interface Kubectl {
  ask(words: readonly string[], calling: Calling): Promise<KubectlAnswer>
  /** Returns the last lines of a log, masked; none where it cannot be read. */
  tail(words: readonly string[], calling: Calling): Promise<readonly string[]>
  /** Calls it for the lines that it prints, which are heard as they come. It may last as long as the calling says. */
  follow(words: readonly string[], calling: Calling): Promise<Finished>
}

/** Calls kubectl in the context and namespace of a service. */
export function kubectlOf(
  { context, namespace }: Pick<KubernetesEngine, 'context' | 'namespace'>,
  shell: Shell,
): Kubectl {
  const place = [...(context === null ? [] : ['--context', context]), '--namespace', namespace]
  const tool = createTool('kubectl', [REQUEST, ...place], shell, saysNo)
  const patient = createTool('kubectl', place, shell, saysNo)
  return {
    async ask(words, calling) {
      const called = await tool.call(words, calling)
      switch (called.kind) {
        case 'answered':
          return { kind: 'answered', text: called.text }
        case 'unheard':
          return { kind: 'unheard', why: called.words }
        case 'refused':
          return refusedBy(called.tail, called.words)
      }
    },
    async tail(words, calling) {
      const lines = await tool.tail(words, calling)
      return lines.filter((line) => line.trim() !== '' && !refusal.test(line))
    },
    follow: patient.follow,
  }
}

const refusal = /^Error from server(?: \((\w+)\))?: (.*)$/

/** The reasons after which the next try may know more: the API server is starting, or has too much to do. */
const passing = new Set([
  'ServiceUnavailable',
  'Timeout',
  'ServerTimeout',
  'InternalError',
  'TooManyRequests',
])

/** The words for an object that the API server does not take, and those of kubectl before it has asked. */
const others = [
  /^The .+ is invalid: /,
  /^error: (?:the server doesn't have|unable to (?:recognize|decode|parse)|no matches|resource mapping not found)/,
  /^error: (?:unknown |error (?:validating|parsing)|no objects|required flag|the namespace from the provided)/,
]

/** A server that gives no reason may pass on the words of its own store, which got no answer itself. */
function saysNo(line: string): boolean {
  const [, reason, said] = refusal.exec(line) ?? []
  if (said === undefined) return others.some((words) => words.test(line))
  return reason === undefined ? said.startsWith('admission webhook') : !passing.has(reason)
}

function refusedBy(tail: readonly string[], words: string): KubectlAnswer {
  const line = tail.find(saysNo) ?? words
  const [, reason = '', said = line.replace(/^error: /i, '')] = refusal.exec(line) ?? []
  return { kind: 'refused', reason, said }
}
