import type { Calling, Tool } from '../tool.ts'

/** The answer of a registry about an image. Only the words of a registry that looked for it say *missing*. */
export type ImageThere =
  | { readonly kind: 'there' }
  | { readonly kind: 'missing'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

const LONGEST_MS = 10 * 60_000

const missing = /manifest unknown|manifest for .+ not found|failed to resolve reference .+: not found/i

/**
 * Has the manager pull an image before a service is changed: a swarm accepts an image that is nowhere, and takes replicas
 * down for it. `docker manifest inspect` is no way to ask: it calls each image missing whose registry it cannot reach.
 */
export async function imageThere(docker: Tool, image: string, calling: Calling): Promise<ImageThere> {
  const answer = await docker.call(['pull', '--quiet', '--', image], { ...calling, timeout: LONGEST_MS })
  if (answer.kind === 'answered') return { kind: 'there' }
  const isMissing = answer.kind === 'refused' && missing.test(answer.words)
  return { kind: isMissing ? 'missing' : 'unknown', words: answer.words }
}
