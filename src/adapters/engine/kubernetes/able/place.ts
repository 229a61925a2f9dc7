import { absent, found, type Reading } from '../../../../domain/reading.ts'
import type { Calling } from '../../tool.ts'
import { unreadable } from '../failures.ts'
import type { KubernetesMeans } from '../means.ts'

/** The place that a config means, and the means to ask for it. */
interface PlaceMeans extends Pick<KubernetesMeans, 'kubectl'> {
  readonly engine: Pick<KubernetesMeans['engine'], 'context' | 'namespace'>
}

/** Reads why the cluster or the namespace is not the one that the config means; absent if it is. */
export async function wrongPlace(here: PlaceMeans, calling: Calling): Promise<Reading<string>> {
  const context = await wrongContext(here, calling)
  return context.kind === 'absent' ? wrongNamespace(here, calling) : context
}

/** Reads why the current context is not the one that the config means; absent if it is. */
export async function wrongContext(
  { engine, kubectl }: PlaceMeans,
  calling: Calling,
): Promise<Reading<string>> {
  if (engine.context === null) return absent
  const answer = await kubectl.ask(['config', 'current-context'], calling)
  if (answer.kind !== 'answered') return unreadable('its current context', answer)
  const current = answer.text.trim()
  return current === engine.context
    ? absent
    : found(`The current context is ${current}, and the config means ${engine.context}.`)
}

/**
 * Reads that the cluster has no such namespace, or deletes it; absent if it has. An account that may not read namespaces has its rights in
 * this one alone: then it is there.
 */
export async function wrongNamespace(
  { engine, kubectl }: PlaceMeans,
  calling: Calling,
): Promise<Reading<string>> {
  const { namespace } = engine
  const words = ['get', 'namespaces', namespace, '-o', 'jsonpath={.status.phase}']
  const answer = await kubectl.ask(words, calling)
  if (answer.kind === 'answered')
    return answer.text.trim() === 'Terminating'
      ? found(`The namespace ${namespace} is being deleted.`)
      : absent
  if (answer.kind === 'refused' && answer.reason === 'Forbidden') return absent
  if (answer.kind === 'refused' && answer.reason === 'NotFound')
    return found(`There is no namespace ${namespace} in this cluster.`)
  return unreadable(`the namespace ${namespace}`, answer)
}
