import { parseAllDocuments } from 'yaml'
import type { Images } from '../../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../../domain/question/decision.ts'
import type { Calling } from '../../tool.ts'
import { APPLY } from '../change.ts'
import { notMade } from '../failures.ts'
import { type KubernetesMeans, placeInWords } from '../means.ts'
import { withImagesIn } from '../template.ts'
import { workloadKinds } from '../workload-kinds.ts'

/** Applies the manifests of a release server-side, with its images in them, so that one rollout comes of both. */
export async function applyManifests(
  here: KubernetesMeans,
  images: Images,
  calling: Calling,
): Promise<Failure | null> {
  const read = manifestsFor(here, images)
  if ('code' in read) return read
  const answer = await here.kubectl.ask(APPLY, { ...calling, input: read.input })
  if (answer.kind !== 'answered')
    return notMade(`The manifests of ${placeInWords(here.engine)} were not applied`, answer)
  for (const line of answer.text.split('\n')) if (line !== '') calling.watch.line(line)
  return null
}

/** The manifests of a release, as one text for kubectl. */
interface Manifests {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly input: string
}

/** Reads the manifests of a release, and puts its images into the workload. */
export function manifestsFor(here: KubernetesMeans, images: Images): Manifests | Failure {
  const files: { path: string; text: string }[] = []
  const objects: ManifestObject[] = []
  for (const path of here.engine.manifests) {
    const read = here.files.read(path)
    if ('why' in read) return unusable(path, read.why)
    const found = objectsIn(path, read.text)
    if ('code' in found) return found
    files.push({ path, text: read.text })
    objects.push(...found)
  }
  const items = objects.map((object) => (isWorkload(here, object) ? withImages(object, images) : object))
  return { files, input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }
}

type ManifestObject = Readonly<Record<string, unknown>>

function objectsIn(path: string, text: string): readonly ManifestObject[] | Failure {
  const objects: ManifestObject[] = []
  for (const document of parseAllDocuments(text)) {
    const error = document.errors?.[0]
    if (error !== undefined) return unusable(path, error.message)
    const object: unknown = document.toJS()
    if (object === null) continue
    if (typeof object !== 'object') return unusable(path, 'a document in it is no object')
    objects.push(object as ManifestObject)
  }
  return objects
}

const unusable = (path: string, why: string): Failure => ({
  code: 'engine-refused',
  what: `The manifest ${path} of the release cannot be used: ${why}. Nothing was applied.`,
  tail: [],
  next: 'Mend the file, and make a new release.',
})

interface WithTemplate {
  readonly kind?: unknown
  readonly metadata?: { readonly name?: unknown }
  readonly spec?: { readonly template?: { readonly spec?: Readonly<Record<string, unknown>> } }
}

const isWorkload = ({ engine: { workload } }: KubernetesMeans, object: WithTemplate): boolean =>
  object.kind === workloadKinds[workload.kind].word && object.metadata?.name === workload.name

function withImages(object: WithTemplate, images: Images): object {
  const template = object.spec?.template
  const spec = template?.spec ?? {}
  const lists = ['containers', 'initContainers'].flatMap((name) => {
    const list = spec[name]
    return Array.isArray(list) ? [[name, withImagesIn(list, images)] as const] : []
  })
  const changed = { ...spec, ...Object.fromEntries(lists) }
  return { ...object, spec: { ...object.spec, template: { ...template, spec: changed } } }
}
