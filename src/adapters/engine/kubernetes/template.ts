import * as z from 'zod/mini'
import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { Calling } from '../tool.ts'
import { engineRefused, missing } from './failures.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import { shaped } from './shapes.ts'
import { workloadKinds } from './workload-kinds.ts'

const strings = z.optional(z.record(z.string(), z.string()))

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z.optional(z.array(z.looseObject({ name: z.string() }))),
})
export type TemplateContainer = z.infer<typeof container>

/** A workload with all of its pod template, to make another object like it. */
const whole = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: strings }),
    template: z.looseObject({
      metadata: z.optional(z.looseObject({ labels: strings, annotations: strings })),
      spec: z.looseObject({
        containers: z.array(container),
        initContainers: z.optional(z.array(z.looseObject({ restartPolicy: z.optional(z.string()) }))),
      }),
    }),
  }),
})
export type WholeWorkload = z.infer<typeof whole>

/** Reads a workload of the kind of a service with all of its pod template: that of the service without another name. */
export async function readWhole(
  { engine, kubectl }: KubernetesMeans,
  calling: Calling,
  name: string = engine.workload.name,
): Promise<WholeWorkload | Failure> {
  const { kind } = engine.workload
  const answer = await kubectl.ask(['get', workloadKinds[kind].resource, name, '-o', 'json'], calling)
  if (answer.kind === 'refused' && answer.reason === 'NotFound') return missing(placeInWords(engine))
  const read = answer.kind === 'answered' ? shaped(whole, answer.text) : null
  return read ?? engineRefused(`${placeInWords(engine)} could not be read`, answer)
}

/** Returns the containers with images in place of their own. A single image is for a single container, whatever its name. */
export const withImagesIn = (
  containers: readonly TemplateContainer[],
  images: Images,
): readonly TemplateContainer[] =>
  containers.map((one) => ({ ...one, image: imageFor(one.name, containers.length, images) ?? one.image }))

export function imageFor(name: string, containers: number, images: Images): string | undefined {
  const [only, ...others] = Object.values(images)
  return images[name] ?? (containers === 1 && others.length === 0 ? only : undefined)
}
