import * as z from 'zod/mini'
import type { Calling } from '../../tool.ts'
import type { KubernetesMeans } from '../means.ts'
import { shaped } from '../shapes.ts'

const amounts = z.optional(z.record(z.string(), z.string()))
const bound = z.optional(z.union([z.number(), z.string()]))

const limits = z.object({
  items: z.array(
    z.union([
      z.object({
        kind: z.literal('ResourceQuota'),
        metadata: z.object({ name: z.string() }),
        status: z.object({ hard: amounts, used: amounts }),
      }),
      z.object({
        kind: z.literal('PodDisruptionBudget'),
        metadata: z.object({ name: z.string() }),
        spec: z.object({ minAvailable: bound, maxUnavailable: bound }),
        status: z.object({ disruptionsAllowed: z.optional(z.number()) }),
      }),
    ]),
  ),
})
type NamespaceLimit = z.infer<typeof limits>['items'][number]

/** The limits of a namespace that a rollout may meet. */
export interface NamespaceRoom {
  readonly warnings: readonly string[]
  readonly facts: Readonly<Record<string, string>>
}

/** Reads quotas and disruption budgets. An account that may not read them learns that, and no more. */
export async function roomIn({ kubectl }: KubernetesMeans, calling: Calling): Promise<NamespaceRoom> {
  const words = ['get', 'resourcequotas,poddisruptionbudgets.policy', '-o', 'json']
  const answer = await kubectl.ask(words, calling)
  const read = answer.kind === 'answered' ? shaped(limits, answer.text) : null
  if (read === null)
    return { warnings: [], facts: { limits: 'quotas and disruption budgets could not be read' } }
  return {
    warnings: read.items.flatMap(warningOf),
    facts: Object.fromEntries(read.items.map((limit) => [nameOf(limit), inWords(limit)])),
  }
}

const nameOf = ({ kind, metadata }: NamespaceLimit): string =>
  `${kind === 'ResourceQuota' ? 'quota' : 'disruption budget'} ${metadata.name}`

function inWords(limit: NamespaceLimit): string {
  if (limit.kind === 'ResourceQuota') {
    const { hard = {}, used = {} } = limit.status
    return Object.entries(hard)
      .map(([name, most]) => `${name} ${used[name] ?? '0'} of ${most}`)
      .join(', ')
  }
  const { minAvailable, maxUnavailable } = limit.spec
  const rule =
    minAvailable === undefined
      ? `at most ${maxUnavailable} unavailable`
      : `at least ${minAvailable} available`
  return `${rule}, ${limit.status.disruptionsAllowed ?? '?'} may be disrupted now`
}

function warningOf(limit: NamespaceLimit): string[] {
  if (limit.kind !== 'ResourceQuota') return []
  const { hard = {}, used = {} } = limit.status
  const full = Object.keys(hard).filter((name) => hard[name] === used[name])
  return full.length === 0
    ? []
    : [
        `The quota ${limit.metadata.name} is used up (${full.join(', ')}): a rollout that starts pods first cannot begin.`,
      ]
}
