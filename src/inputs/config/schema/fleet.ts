import type * as z from 'zod/mini'
import { KEPT_RELEASES } from '../../../domain/config/fleet.ts'
import { instanceCommand, instanceCommandKeys, orLine } from './command.ts'
import { name, nameList } from './names.ts'
import { pull } from './pull.ts'
import { mapping, named, union } from './shapes.ts'
import { ssh } from './ssh.ts'
import { wholeNumber } from './values.ts'
import { variables } from './variables.ts'
import { byDefault, key } from './vocabulary.ts'

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

const prepareWords = 'a command, or a mapping with `run`'

const prepare = orLine(
  prepareWords,
  mapping(prepareWords, {
    ...instanceCommandKeys('10m'),
    unless: key(
      instanceCommand,
      'Exits with 0 if the release is on the instance already; then nothing is prepared there.',
    ),
    keep: byDefault(
      wholeNumber(1),
      KEPT_RELEASES,
      'The releases that stay on an instance. Those that a rollback needs stay in any case.',
    ),
    clear: key(
      instanceCommand,
      'Removes older releases that Rollgate did not bring; `ROLLGATE_NEEDED` has the commits that must stay.',
    ),
  }),
)

export const fleet = mapping('a mapping with `local`, `ssh` or `pull`', {
  local: key(
    mapping('a mapping with `instances`', {
      instances: key(instances, 'The instances, by name; as a mapping, each with variables of its own.'),
    }),
    'Instances that are processes on the machine of the run.',
  ),
  ssh: key(ssh, 'Instances on hosts of their own, reached over ssh; their commands run there.'),
  pull: key(
    pull,
    'Instances on hosts that pull: an agent there follows the ledger, and runs the commands of its own settings.',
  ),
  prepare: key(
    prepare,
    'Brings the release to one instance while the older one serves, before anything changes; `ROLLGATE_RELEASE_DIR` is its folder. `install` then only switches.',
  ),
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
