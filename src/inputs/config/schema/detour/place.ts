import * as z from 'zod/mini'
import { name } from '../names.ts'
import { expected, mapping, union } from '../shapes.ts'
import { key, required } from '../vocabulary.ts'

const instance = mapping('a mapping with `service` and `instance`', {
  service: required(name, 'The service.'),
  instance: required(name, 'Its instance.'),
})

/** The instance on whose host the programs of a detour run. */
export const onInstance = key(instance, 'The instance on whose host its programs run; default: the runner.')

const instancesWords = 'a mapping with `service` and `instance`, or a list of them'

/** The instances on whose hosts the programs of a detour run: one, or several. */
export const onInstances = key(
  union(instancesWords, [
    z
      .array(instance, { error: expected(instancesWords) })
      .check(z.minLength(1, { error: expected(instancesWords) })),
    instance,
  ]),
  'The instance on whose host the file of the map lies, or a list for balancers on several hosts; default: the runner.',
)
