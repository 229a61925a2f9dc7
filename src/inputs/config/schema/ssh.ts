import type * as z from 'zod/mini'
import { hostAddress, jumpHosts, port, userName } from './addresses.ts'
import { command } from './command.ts'
import { name, nameList } from './names.ts'
import { mapping, named, oneOf, union } from './shapes.ts'
import { duration, pathInside } from './values.ts'
import { variableNames, variables } from './variables.ts'
import { byDefault, key } from './vocabulary.ts'

const hostsWords = 'a list of names, or a mapping of names to settings'

const host = mapping('settings like `{ host: 10.0.0.1 }`, or `{}` for none', {
  host: key(
    hostAddress,
    'What ssh is given: a name, an address, or a `Host` of its settings. The name of the instance when left out.',
  ),
  user: key(userName, 'Who logs in there, where it is somebody else.'),
  port: key(port, 'The port of its ssh, where it is another.'),
  jump: key(jumpHosts, 'The hosts on the way there, where they are others.'),
  env: key(variables(), 'Variables of this instance alone, for its commands and addresses.'),
})

/** Hosts as a config names them, and as an inventory prints them. */
export const hosts = union(hostsWords, [nameList(hostsWords), named(hostsWords, name, host)])

export const ssh = mapping('a mapping with `hosts` or `inventory`', {
  user: key(userName, "Who logs in on the hosts; left to ssh's settings when left out."),
  port: key(port, "The port of ssh on the hosts; left to ssh's settings when left out."),
  jump: key(jumpHosts, 'The hosts on the way, `[user@]host[:port]`, several divided by commas.'),
  settings: key(
    pathInside('the path of a file'),
    "A file of ssh settings in the checkout, in place of the user's own.",
  ),
  'host-keys': byDefault(
    oneOf(['known', 'accept-new']),
    'known',
    'Whether a host must be known already. `accept-new` believes one that was never seen; a key that has changed is never believed.',
  ),
  'connect-timeout': byDefault(duration, '10s', 'How long a host may take to let ssh in.'),
  'send-env': key(
    variableNames('a list of names of variables'),
    'Variables of this run that commands on the hosts see too.',
  ),
  upload: key(
    pathInside('the path of a file'),
    'A file in the checkout that is brought to a host before it leaves traffic; `ROLLGATE_ARTIFACT` is its path there.',
  ),
  hosts: key(hosts, 'The instances, by name; as a mapping, each with settings of its own.'),
  inventory: key(
    command,
    'Prints the hosts when a deployment begins, behind the gate: one name a line, or YAML or JSON as `hosts` takes it.',
  ),
})

export type HostsValue = z.output<typeof hosts>
export type SshValue = z.output<typeof ssh>
