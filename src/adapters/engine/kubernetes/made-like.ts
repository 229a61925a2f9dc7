import type { WorkloadLike } from '../../../domain/config/engine-recipe.ts'
import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { Calling } from '../tool.ts'
import { APPLY } from './change.ts'
import { notMade } from './failures.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import { readWhole, type TemplateContainer, type WholeWorkload, withImagesIn } from './template.ts'

/** Makes the workload of a side of the shape of the other side's, with other images and a label of its own. */
export async function makeLike(
  here: KubernetesMeans,
  like: WorkloadLike,
  images: Images,
  calling: Calling,
): Promise<Failure | null> {
  const read = await readWhole(here, calling, like.name)
  if ('code' in read) return read
  const input = JSON.stringify(sideOf(read, here.engine.workload.name, like, images))
  const answer = await here.kubectl.ask(APPLY, { ...calling, input })
  return answer.kind === 'answered'
    ? null
    : notMade(`${placeInWords(here.engine)} was not made like ${like.name}`, answer)
}

/** The label is part of its selector, so that neither workload ever counts a pod of the other as its own. */
function sideOf(
  { apiVersion, kind, spec: { paused: _held, ...spec } }: WholeWorkload,
  name: string,
  { label, value, standsIn = {} }: WorkloadLike,
  images: Images,
): object {
  const mark = { [label]: value }
  const { selector, template } = spec
  return {
    apiVersion,
    kind,
    metadata: { name, labels: mark },
    spec: {
      ...spec,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...mark } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...mark } },
        spec: {
          ...template.spec,
          containers: withImagesIn(template.spec.containers, images).map((one) =>
            withVariables(one, standsIn),
          ),
        },
      },
    },
  }
}

/** Returns a container with variables in place of its own of the same names. */
function withVariables(
  container: TemplateContainer,
  variables: NonNullable<WorkloadLike['standsIn']>,
): object {
  const given = Object.entries(variables).map(([name, value]) => ({ name, value }))
  if (given.length === 0) return container
  const kept = (container.env ?? []).filter(({ name }) => variables[name] === undefined)
  return { ...container, env: [...kept, ...given] }
}
