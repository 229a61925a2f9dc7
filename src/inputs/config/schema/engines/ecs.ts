import type * as z from 'zod/mini'
import { inPart } from '../in-part.ts'
import { mapping, text } from '../shapes.ts'
import { webAddress } from '../values.ts'
import { key, required } from '../vocabulary.ts'
import { imageKeys, namesImages } from './images.ts'

const nameInEcs = text('a name of ECS: letters, digits, `-` and `_`', /^[A-Za-z0-9][\w-]{0,254}$/)
const regionName = text('a region like `eu-west-1`', /^[a-z]{2}(?:-[a-z]+)+-\d+$/)
const filePath = text('a path in the release', /^[^\s-]\S*$/)

const words = 'a mapping with `cluster`, `service` and `image`'

const keys = {
  ...imageKeys,
  cluster: required(nameInEcs, 'The cluster of the service.'),
  service: required(nameInEcs, 'The name of the service in its cluster.'),
  region: key(regionName, 'The region of the cluster. Default: that of the aws CLI.'),
  'task-definition': key(
    filePath,
    'A JSON file of the release with the task definition. Default: the serving one, with the images of the release.',
  ),
  create: key(
    filePath,
    'A JSON file of the release for `aws ecs create-service`, for a service that is not there yet. Default: such a service is refused.',
  ),
  endpoint: key(webAddress, 'The address of the API. Default: that of AWS.'),
}

/** A service of Amazon ECS. */
export const ecsEngine = mapping(words, keys).check(namesImages)
export const ecsEnginePart = inPart(words, keys)

export type EcsEngineValue = z.output<typeof ecsEngine>
