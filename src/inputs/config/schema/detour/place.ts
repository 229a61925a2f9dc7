import { name } from '../names.ts'
import { mapping } from '../shapes.ts'
import { key, required } from '../vocabulary.ts'

/** The instance on whose host the programs of a detour run. */
export const onInstance = key(
  mapping('a mapping with `service` and `instance`', {
    service: required(name, 'The service.'),
    instance: required(name, 'Its instance.'),
  }),
  'The instance on whose host its programs run; default: the runner.',
)
