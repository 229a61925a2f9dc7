import { parseAllDocuments } from 'yaml'
import type { EngineSetting, EngineSketch } from '../../engine-sketch.ts'
import type { FolderSeen } from '../../repository.ts'
import { type Sketch, sketch } from '../../sketch.ts'
import { imageName, isOfOthers, writtenImage } from '../images.ts'
import { type KnownMapping, mapping, readYaml, words } from '../manifest.ts'

const manifests =
  /^(?:[\w.-]+\/)?(?:\.?k8s|kubernetes|manifests|kube|kustomize|deploy|deployment)\/(?:[\w.-]+\/)*[\w.-]+\.ya?ml$/
const kustomization = /(?:^|\/)kustomization\.ya?ml$/
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet']
const plainName = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/
/** A text that a script or a template still has to fill in. */
const template = /\{\{|\$\{?[A-Z_]+\b/

/** A workload, and the file that it stands in. */
interface WrittenWorkload {
  readonly path: string
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly containers: readonly KnownMapping[]
}

/** Kubernetes: the workloads of its manifests that have an image of this repository. */
export function kubernetes(folder: FolderSeen): Sketch | null {
  const paths = folder.matching(manifests)
  const kustomized = folder.matching(kustomization).length > 0
  const all = paths.flatMap((path) => workloadsIn(path, folder.text(path)))
  const own = firstOfEach(all).filter(
    (one) => ownContainers(one).length > 0 && !ofCluster.test(one.namespace),
  )
  const { services, left } = oneWay(own, folder.name)
  const [first] = services
  if (first === undefined) return null
  return sketch({
    title: kustomized ? 'Kubernetes with Kustomize' : 'Kubernetes',
    because:
      left.length === 0
        ? first.path
        : `${first.path}, and not by ${left.join(' and ')}, another way to deploy the same`,
    running: {
      kind: 'engine',
      services: services.map((one) =>
        serviceOf(one, folder, { all, kustomized, namespaces: namespacesIn(folder) }),
      ),
    },
  })
}

/** The namespaces in which the parts of a cluster itself run. */
const ofCluster = /^kube-(?:system|public|node-lease|flannel)$/

/**
 * Returns the workloads of one folder at the root where another folder deploys the same images in another way, like
 * `kustomize/` beside `deploy/`: the folder with a workload of the repository's name, or else the first.
 */
function oneWay(
  own: readonly WrittenWorkload[],
  app: string,
): { readonly services: readonly WrittenWorkload[]; readonly left: readonly string[] } {
  const ways = Map.groupBy(own, ({ path }) => path.split('/')[0] ?? '')
  const named = [...ways].find(([, workloads]) => workloads.some(({ name }) => name === app.toLowerCase()))
  const [place, services] = named ?? [...ways][0] ?? ['', []]
  const images = new Set(services.flatMap(imagesIn))
  const left = [...ways].filter(
    ([one, workloads]) => one !== place && workloads.flatMap(imagesIn).some((image) => images.has(image)),
  )
  const others = new Set(left.map(([one]) => one))
  return { services: own.filter(({ path }) => !others.has(path.split('/')[0] ?? '')), left: [...others] }
}

const imagesIn = (one: WrittenWorkload): string[] =>
  ownContainers(one).map(({ image }) => imageName(words(image)))

/** An overlay of Kustomize names a workload once more, to change it. */
const firstOfEach = (all: readonly WrittenWorkload[]): readonly WrittenWorkload[] =>
  all.filter((one, at) => all.findIndex(({ name, kind }) => name === one.name && kind === one.kind) === at)

function workloadsIn(path: string, text: string | null): WrittenWorkload[] {
  const objects = documentsIn(text)
  return objects.flatMap((object) => {
    const { kind, metadata, spec } = object
    const { name, namespace } = mapping(metadata)
    const { containers } = mapping(mapping(mapping(spec).template).spec)
    if (!kinds.includes(words(kind)) || !plainName.test(words(name)) || !Array.isArray(containers)) return []
    const listed = containers.map(mapping).filter((one) => words(one.image) !== '')
    if (listed.length === 0) return []
    return [{ path, kind: words(kind), name: words(name), namespace: words(namespace), containers: listed }]
  })
}

function documentsIn(text: string | null): KnownMapping[] {
  try {
    return parseAllDocuments(text ?? '', { logLevel: 'silent' }).flatMap((document) =>
      document.errors?.length === 0 ? [mapping(document.toJS({ maxAliasCount: 50 }))] : [],
    )
  } catch {
    return []
  }
}

const ownContainers = ({ containers }: WrittenWorkload): readonly KnownMapping[] =>
  containers.filter(({ name, image }) => plainName.test(words(name)) && !isOfOthers(words(image)))

/** The manifests of a folder, read together. */
interface ManifestsSeen {
  readonly all: readonly WrittenWorkload[]
  readonly kustomized: boolean
  readonly namespaces: ReadonlyMap<string, string>
}

/** Returns the namespace that each overlay of Kustomize names, by the name of its folder. */
function namespacesIn(folder: FolderSeen): ReadonlyMap<string, string> {
  const found = folder.matching(kustomization).flatMap((path): [string, string][] => {
    const namespace = words(readYaml(folder.text(path)).namespace)
    return plainName.test(namespace) ? [[path.split('/').at(-2) ?? '', namespace]] : []
  })
  return new Map(found)
}

function serviceOf(
  one: WrittenWorkload,
  folder: FolderSeen,
  { all, kustomized, namespaces }: ManifestsSeen,
): EngineSketch {
  const [only = '', ...others] = [...new Set(namespaces.values())]
  const named = others.length === 0 && only !== '' ? only : one.namespace
  const namespace = plainName.test(named) ? named : null
  const isApplied = !kustomized && standsAlone(one, folder, all)
  return {
    name: one.name,
    kind: 'kubernetes',
    settings: [
      { key: one.kind.toLowerCase(), value: one.name, why: null },
      ...(isApplied ? [manifestsOf(one)] : []),
    ],
    place: {
      key: 'namespace',
      value: namespace ?? folder.name,
      why: namespace === null ? 'no manifest names it: correct it' : null,
    },
    places: namespaces,
    containers: ownContainers(one).map(({ name, image }) => ({
      name: words(name),
      image: writtenImage(words(image)),
    })),
    alone: one.containers.length === 1,
  }
}

const manifestsOf = ({ path }: WrittenWorkload): EngineSetting => ({
  key: 'manifests',
  value: [path],
  why: 'applied with the image in them; without this line only the image is set',
})

/** True if its file can be applied as it is: it has no other workload, whose image would be set back, and nothing to fill in. */
function standsAlone(
  { path }: WrittenWorkload,
  folder: FolderSeen,
  all: readonly WrittenWorkload[],
): boolean {
  const rest = (folder.text(path) ?? '').replace(/^\s*(?:- )?image:.*$/gm, '')
  return all.filter((one) => one.path === path).length === 1 && !template.test(rest)
}
