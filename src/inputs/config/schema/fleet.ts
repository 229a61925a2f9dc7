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

export const fleet = mapping('a mapping with `local` or `ssh`', {
  local: key(
    mapping('a mapping with `instances`', {
      instances: key(instances, 'The instances, by name; as a mapping, each with variables of its own.'),
    }),
    'Instances that are processes on the machine of the run.',
  ),
  ssh: key(ssh, 'Instances on hosts of their own, reached over ssh; their commands run there.'),
  stop: key(instanceCommand, 'Stops one instance.'),
  install: key(instanceCommand, 'Installs the release on one instance, while it is stopped.'),
  start: key(instanceCommand, 'Starts one instance, and returns.'),
})

export type InstancesValue = z.output<typeof instances>
export type FleetValue = z.output<typeof fleet>
