import type { Images } from '../../domain/engine/engine-seen.ts'
import { changedSince, type ManifestsCompared, mostChanges } from '../../domain/engine/manifests.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { type Context, quoted } from '../run/context.ts'
import type { Hand } from './hand.ts'
import { isFailure, stopped } from './look.ts'

/**
 * Compares what is about to be applied with what is there, and notes it for the page of the deployment. A cluster may refuse
 * a dry run of what it would take, as some admission webhooks do: that is said, and holds nothing up.
 */
export async function compare(
  context: Context,
  { step, engine, seen }: Hand,
  images: Images,
): Promise<Failure | null> {
  const { compare: comparing } = engine
  if (comparing === undefined) return null
  const compared = await quoted(context, '  │ ', (watch) => comparing(images, seen, watch))
  if (context.stop.forced.aborted) return stopped
  if (isFailure(compared)) {
    context.ports.voice.warning(`Manifests of ${step.service.name} not compared`, compared.what)
    note(context, step, { files: [], changes: [] }, compared.what)
    return null
  }
  note(context, step, compared, null)
  warnOfOthers(context, step, compared)
  return null
}

function note(
  { session }: Context,
  { id }: HandOverStep,
  { files, changes }: ManifestsCompared,
  why: string | null,
): void {
  const more = changes.length - mostChanges
  const tail = [...changes.slice(0, mostChanges), ...(more > 0 ? [`and ${more} more`] : [])]
  session.note({ kind: 'manifests-compared', step: id, files, tail, why })
}

function warnOfOthers(
  { plan, ports }: Context,
  { service }: HandOverStep,
  compared: ManifestsCompared,
): void {
  const moved = changedSince(plan.manifests, compared)
  if (moved.length === 0) return
  ports.voice.warning(
    'Manifests are not those of the plan',
    `${moved.map(({ path }) => path).join(', ')} of ${service.name}: a step of this deployment has changed them since.`,
  )
}
