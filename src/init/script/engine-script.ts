import { type EngineSketch, imagesOf } from '../engine-sketch.ts'
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
  const [only] = images
  const file = dockerfiles.find(folder.has)
  if (images.length !== 1 || only === undefined || isLeftOpen(only.image) || file === undefined)
    return [
      guard(
        buildWork(
          images.map(({ image, digest }) => (isLeftOpen(image) ? `${image.slice(1)} and ${digest}` : digest)),
        ),
      ),
    ]
  const place = below('$ROLLGATE_CHECKOUT', folder)
  const named = file === 'Dockerfile' ? '' : ` --file "${place}/${file}"`
  return [
    `tag="${shellWord(only.image)}:$ROLLGATE_SHA"`,
    `docker buildx build --push --tag "$tag"${named} "${place}"`,
    `digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$tag")`,
    `echo "${only.digest}=$digest" >> "$ROLLGATE_OUTPUT" # a tag may name another image a moment later`,
  ]
}

const buildWork = (outputs: readonly string[]): string =>
  `builds and pushes the image, and writes ${outputs.join(', ')} to $ROLLGATE_OUTPUT, like DIGEST=sha256:…`
