import { type EngineSketch, imagesOf, type MadeFrom, type ReleaseImage } from '../engine-sketch.ts'
import { isLeftOpen } from '../kinds/images.ts'
import type { FolderSeen } from '../repository.ts'
import { below, type MadeOf } from './body.ts'
import { guard } from './guard.ts'
import { shellWord } from './quote.ts'
import type { ScriptRow } from './words.ts'

const dockerfiles = ['Dockerfile', 'Dockerfile.prod', 'Dockerfile.production', 'docker/Dockerfile']

/** The words of a script whose services an engine rolls: it builds, and speaks to an engine that has no adapter. */
export function engineRows({ folder, running: { services } }: MadeOf<'engine'>): readonly ScriptRow[] {
  const speaks = services.some(({ kind }) => kind === 'command')
  return [
    ['build', buildOf(folder, services), 'builds and pushes the image, and writes its digest down'],
    ['state', speaks ? [guard(stateWork)] : null, 'the state of the service at the engine'],
    ['hand-over', speaks ? [guard(handOverWork)] : null, 'has the engine roll to $ROLLGATE_IMAGE'],
  ]
}

const docs = 'https://github.com/rollgate/rollgate/blob/v0/docs/engines.md#any-engine-by-commands'
const stateWork = `prints the state of the service as JSON: ${docs}`
const handOverWork = `has the engine roll to $ROLLGATE_IMAGE, returns at once, and prints the rollout: ${docs}`

function buildOf(folder: FolderSeen, services: readonly EngineSketch[]): readonly string[] {
  const images = imagesOf(services)
  const made = images.map((image) => madeFrom(folder, images, image))
  if (made.length === 0 || made.some((one) => one === null)) return [guard(buildWork(images.map(outputs)))]
  return images.flatMap((image, at) => buildLines(folder, image, made[at] ?? atRoot))
}

const atRoot: MadeFrom = { context: '', file: 'Dockerfile' }

/** Returns where an image is built from: as its stack says, or, for the only image, by the Dockerfile of the app; else null. */
function madeFrom(
  folder: FolderSeen,
  images: readonly ReleaseImage[],
  { image, made }: ReleaseImage,
): MadeFrom | null {
  if (isLeftOpen(image)) return null
  if (made !== undefined)
    return folder.has([made.context, made.file].filter((part) => part !== '').join('/')) ? made : null
  const file = images.length === 1 ? dockerfiles.find(folder.has) : undefined
  return file === undefined ? null : { context: '', file }
}

function buildLines(
  folder: FolderSeen,
  { image, digest }: ReleaseImage,
  { context, file }: MadeFrom,
): readonly string[] {
  const place = [below('$ROLLGATE_CHECKOUT', folder), context].filter((part) => part !== '').join('/')
  const named = file === 'Dockerfile' ? '' : ` --file "${place}/${file}"`
  return [
    `tag="${shellWord(image)}:$ROLLGATE_SHA"`,
    `docker buildx build --push --tag "$tag"${named} "${place}"`,
    `digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$tag")`,
    `echo "${digest}=$digest" >> "$ROLLGATE_OUTPUT" # a tag may name another image a moment later`,
  ]
}

/** Returns the sentence about images that nothing tells the build of; null where the script builds all. */
export function unbuilt(folder: FolderSeen, services: readonly EngineSketch[]): string | null {
  const images = imagesOf(services)
  const [first] = images.filter((image) => madeFrom(folder, images, image) === null)
  if (first === undefined) return null
  const named = isLeftOpen(first.image) ? 'the image of the release' : first.image
  return `No file tells how ${named} is built: the command that builds and pushes it is missing.`
}

const outputs = ({ image, digest }: ReleaseImage): string =>
  isLeftOpen(image) ? `${image.slice(1)} and ${digest}` : digest

const buildWork = (outputs: readonly string[]): string =>
  `builds and pushes the image, and writes ${outputs.join(', ')} to $ROLLGATE_OUTPUT, like DIGEST=sha256:…`
