import type * as z from 'zod/mini'
import { instanceCommand } from './command.ts'
import { name, nameList } from './names.ts'
import { mapping, named, union } from './shapes.ts'
import { ssh } from './ssh.ts'
import { variables } from './variables.ts'
import { key } from './vocabulary.ts'

const instancesWords = 'a list of names, or a mapping of names to variables'

const instances = union(instancesWords, [
  nameList(instancesWords),
  named(instancesWords, name, variables('variables like `{ PORT: "4001" }`, or `{}` for none')),
])

const ofSlot = variables('variables like `{ PORT: "4001" }`, or `{}` for none')

const slots = mapping('a mapping with `a` and `b`', {
  a: key(ofSlot, 'The variables of slot `a`; `$NAME` in a value is a variable of the instance.'),
  b: key(ofSlot, 'The variables of slot `b`.'),
})

export const fleet = mapping('a mapping with `local` or `ssh`', {
  local: key(
    mapping('a mapping with `instances`', {
      instances: key(instances, 'The instances, by name; as a mapping, each with variables of its own.'),
    }),
    'Instances that are processes on the machine of the run.',
  ),
  ssh: key(ssh, 'Instances on hosts of their own, reached over ssh; their commands run there.'),
  slots: key(
    slots,
    'The two places of each instance for `rollout.order: start-first`; commands see `ROLLGATE_SLOT`.',
  ),
  stop: key(instanceCommand, 'Stops one instance; with slots, one of its slots.'),
  install: key(
    instanceCommand,
    'Installs the release on one instance, while it is stopped. With slots in the idle one; in place while it serves.',
  ),
  start: key(
    instanceCommand,
    'Starts one instance, and returns. In place: switches it to what was installed.',
  ),
})

export type InstancesValue = z.output<typeof instances>
export type SlotsValue = z.output<typeof slots>
export type FleetValue = z.output<typeof fleet>
