import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { Finished, Shell } from '../../../pipeline/ports.ts'
import { LINE_LIMIT } from '../../shell/lines.ts'
import { type Calling, createTool } from '../tool.ts'

/** A little less than a call may take, so that kubectl itself says that the API server does not answer. */
const REQUEST = '--request-timeout=20s'

/** The answer of one call of kubectl. */
export type KubectlAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  /** The API server said no; `reason` is its own word, like `NotFound`, or empty. */
  | { readonly kind: 'refused'; readonly reason: string; readonly said: string }
  /** Nothing is known: kubectl is not here, or the API server did not answer. */
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
  const tool = createTool('kubectl', [REQUEST, ...place], shell)
  const patient = createTool('kubectl', place, shell)
  return {
    async ask(words, calling) {
      const called = await tool.call(words, calling)
      switch (called.kind) {
        case 'answered':
          return { kind: 'answered', text: whole(called.text.split('\n')) }
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

/** The beginnings of what kubectl says where it got no answer from an API server. */
const unanswered =
  /^(?:Unable to connect to the server|The connection to the server|error: You must be logged in|error: (?:context|stat|loading config|invalid configuration|no configuration))/

/** The next try may know more: the API server is starting, or has too much to do. */
const passing = new Set([
  'ServiceUnavailable',
  'Timeout',
  'ServerTimeout',
  'InternalError',
  'TooManyRequests',
])

function refusedBy(tail: readonly string[], words: string): KubectlAnswer {
  for (const line of tail) {
    const [, reason = '', said] = refusal.exec(line) ?? []
    if (passing.has(reason)) return { kind: 'unheard', why: line }
    if (said !== undefined) return { kind: 'refused', reason, said }
  }
  const silent = tail.findLast((line) => unanswered.test(line))
  if (silent !== undefined) return { kind: 'unheard', why: silent }
  return { kind: 'refused', reason: '', said: words.replace(/^error: /i, '') }
}

/**
 * Returns the lines as one text. A line beyond the limit was cut in the middle of a string. The annotation that holds a whole
 * manifest is that long, and its value is left out; with any other line that was cut the answer cannot be read.
 */
const whole = (lines: readonly string[]): string =>
  lines
    .map((line, at) => (line.length < LINE_LIMIT ? line : withoutManifest(line, lines[at + 1] ?? '')))
    .join('\n')

function withoutManifest(line: string, next: string): string {
  const key = /^\s*"kubectl\.kubernetes\.io\/last-applied-configuration": "/.exec(line)?.[0]
  if (key === undefined) return line
  return /^\s*[}\]]/.test(next) ? `${key}"` : `${key}",`
}
