import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { EngineSeen, Images, Trouble } from '../../../domain/engine/engine-seen.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import type { Clock, Variables } from '../../../pipeline/ports.ts'
import type { Calling } from '../tool.ts'
import { unreadable } from './failures.ts'
import type { Kubectl } from './kubectl.ts'
import { lookOf, type WorkloadLook } from './look.ts'
import { refusedPods } from './refused-pods.ts'
import { seenIn } from './seen.ts'
import { podsAndRevisions, type Selector, shaped, type WorkloadObject, workload } from './shapes.ts'
import { type LogOf, type TroubleSeen, troublesIn } from './troubles.ts'
import { workloadKinds } from './workload-kinds.ts'

export type Workload = KubernetesEngine['workload']

export interface ReaderOptions {
  readonly kubectl: Kubectl
  readonly clock: Clock
  /** Those of the recipe, whose names the answer uses. */
  readonly images: Images
}

/** Reads workloads with all that belongs to them. */
export interface WorkloadReader {
  object(of: Workload, variables: Variables, signal: AbortSignal): Promise<Reading<WorkloadObject>>
  look(of: Workload, variables: Variables, signal: AbortSignal): Promise<Reading<WorkloadLook>>
  state(of: Workload, variables: Variables, signal: AbortSignal): Promise<Reading<EngineSeen>>
}

/** The logs that one look reads, at most: each is a call of its own. */
const MOST_LOGS = 2

export function readerOf({ kubectl, clock, images }: ReaderOptions): WorkloadReader {
  async function object({ kind, name }: Workload, variables: Variables, signal: AbortSignal) {
    const { resource, word } = workloadKinds[kind]
    const words = ['get', resource, name, '--show-managed-fields', '-o', 'json']
    const answer = await kubectl.ask(words, quietly(variables, signal))
    if (answer.kind === 'refused' && answer.reason === 'NotFound') return absent
    const read = answer.kind === 'answered' ? shaped(workload, answer.text) : null
    return read === null ? unreadable(`${word} ${name}`, answer) : found(read)
  }

  /** The selector of each workload, as the last look found it: with it the pods are read at the same time. */
  const selectors = new Map<string, string>()

  async function look(of: Workload, variables: Variables, signal: AbortSignal) {
    const place = `${of.kind}/${of.name}`
    const known = selectors.get(place)
    const early = known === undefined ? null : podsBy(known, of, variables, signal)
    const top = await object(of, variables, signal)
    if (top.kind !== 'found') return top
    const selector = selecting(top.value.spec.selector)
    selectors.set(place, selector)
    const answer = await (early !== null && selector === known
      ? early
      : podsBy(selector, of, variables, signal))
    const read = answer.kind === 'answered' ? shaped(podsAndRevisions, answer.text) : null
    if (read === null) return unreadable(`the pods of ${workloadKinds[of.kind].word} ${of.name}`, answer)
    return found(lookOf(of.kind, top.value, read.items))
  }

  function podsBy(selector: string, { kind }: Workload, variables: Variables, signal: AbortSignal) {
    const words = ['get', `${workloadKinds[kind].revisions},pods`, '-l', selector, '-o', 'json']
    return kubectl.ask(words, quietly(variables, signal))
  }

  async function tailed({ trouble, log }: TroubleSeen, calling: Calling): Promise<Trouble> {
    return { ...trouble, tail: log === null ? [] : await tailOf(kubectl, log, calling) }
  }

  return {
    object,
    look,
    async state(of, variables, signal) {
      const read = await look(of, variables, signal)
      if (read.kind !== 'found') return read
      const calling = quietly(variables, signal)
      const seen = [
        ...(await refusedPods(kubectl, read.value, calling)),
        ...troublesIn(read.value, clock.now()),
      ]
      const told = seen.slice(0, MOST_LOGS).map((one) => tailed(one, calling))
      const rest = seen.slice(MOST_LOGS).map(({ trouble }) => ({ ...trouble, tail: [] }))
      return found(seenIn(read.value, images, [...(await Promise.all(told)), ...rest]))
    },
  }
}

/** The surroundings of a call that only reads. */
export const quietly = (variables: Variables, signal: AbortSignal): Calling => ({
  variables,
  watch: { signal, line: () => {} },
})

function tailOf(kubectl: Kubectl, { pod, container, previous }: LogOf, calling: Calling) {
  const before = previous ? ['--previous'] : []
  return kubectl.tail(['logs', pod, '-c', container, '--tail=10', ...before], calling)
}

/** Returns a selector in kubectl's own words. */
export function selecting({ matchLabels = {}, matchExpressions = [] }: Selector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
  })
  return [...equal, ...others].join(',')
}
