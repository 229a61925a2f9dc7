/** One setting of an engine, with the reason why a person looks at it; null where a file says it. */
export interface EngineSetting {
  readonly key: string
  readonly value: unknown
  readonly why: string | null
}

/** The folder that an image is built from, below that of the app, and the Dockerfile in it. */
export interface MadeFrom {
  readonly context: string
  readonly file: string
}

/** A container whose image is built for each release. */
export interface ReleaseContainer {
  readonly name: string
  /** The image without its tag; a variable where the file leaves it to a script. */
  readonly image: string
  /** The folder and the Dockerfile that a stack builds it from; left out where no file names them. */
  readonly made?: MadeFrom
}

/** A service that an engine rolls, as the files of a repository tell it. */
export interface EngineSketch {
  readonly name: string
  /** Its key in the config. `command`: the script speaks to the engine. */
  readonly kind: 'kubernetes' | 'swarm' | 'ecs' | 'command'
  /** The settings that all environments share, besides the images. */
  readonly settings: readonly EngineSetting[]
  /** The setting by which environments differ; null where the tool of the engine knows it. */
  readonly place: EngineSetting | null
  /** The places that files name for single environments, by the name of their folder. */
  readonly places: ReadonlyMap<string, string>
  readonly containers: readonly ReleaseContainer[]
  /** True if its replicas have no other containers. */
  readonly alone: boolean
}

/** The image of a container, in which a build is given its digest. */
export interface ReleaseImage {
  readonly image: string
  /** The name of the build's output with the digest. */
  readonly digest: string
  readonly made?: MadeFrom
}

/** Returns the different images of services. A single one has its digest under the plain name. */
export function imagesOf(services: readonly EngineSketch[]): readonly ReleaseImage[] {
  const all = services.flatMap(({ containers }) => containers)
  const images = [...new Map(all.toReversed().map((one) => [one.image, one])).values()].toReversed()
  const ends = images.map(({ image }) => lastPart(image))
  return images.map(({ image, made }) => {
    const end = lastPart(image)
    const isOnly = ends.filter((one) => one === end).length === 1
    const digest = images.length < 2 ? 'DIGEST' : `DIGEST_${isOnly ? end : outputName(image)}`
    return { image, digest, ...(made === undefined ? {} : { made }) }
  })
}

/** Returns an image as a config names it, by the outputs of the build. */
export function byDigest(image: string, images: readonly ReleaseImage[]): string {
  const { digest = 'DIGEST' } = images.find((one) => one.image === image) ?? {}
  return `${image}@$${digest}`
}

/** The name of an image without its place: `ghcr.io/acme/shop-api` → `SHOP_API` */
const lastPart = (image: string): string => outputName(image.split('/').at(-1) ?? '')

const outputName = (text: string): string => text.toUpperCase().replace(/^\$/, '').replace(/\W/g, '_')
