import type * as z from 'zod/mini'
import { command } from '../command.ts'
import { inPart } from '../in-part.ts'
import { mapping } from '../shapes.ts'
import { key, required } from '../vocabulary.ts'
import { imageKeys, namesImages } from './images.ts'

const words = 'a mapping with `state` and `hand-over`'

const keys = {
  ...imageKeys,
  able: key(
    command,
    'Exits with 0 if the engine can be reached and the service may be changed. Changes nothing.',
  ),
  state: required(
    command,
    'Prints the state of the service as JSON, or nothing where the engine has no such service yet. It is what Rollgate believes.',
  ),
  'hand-over': required(
    command,
    'Has the engine roll to the images of `ROLLGATE_IMAGES`, and returns. The last line of its output names the rollout.',
  ),
  restart: key(
    command,
    'Has the engine replace every replica without another image, and returns like `hand-over`.',
  ),
  scale: key(
    command,
    'Has the engine run `ROLLGATE_REPLICAS` replicas, 0 among them, and returns. Default: it has no way, so that the service cannot step aside.',
  ),
  stop: key(command, 'Has the engine change nothing further.'),
  reverse: key(
    command,
    'Has the engine roll to the images from before, and returns like `hand-over`. Default: `hand-over`.',
  ),
}

/** An engine that commands speak to. */
export const commandEngine = mapping(words, keys).check(namesImages)
export const commandEnginePart = inPart(words, keys)

export type CommandEngineValue = z.output<typeof commandEngine>
