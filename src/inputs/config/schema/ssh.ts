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
    'The destination for ssh: a name, an address, or a `Host` of its settings. Default: the name of the instance.',
  ),
  user: key(userName, 'The login there, if it differs.'),
  port: key(port, 'The port of its ssh, if it differs.'),
  jump: key(jumpHosts, 'The hosts on the way there, if they differ.'),
  env: key(variables(), 'Variables of this instance alone, for its commands and addresses.'),
  zone: key(name, 'The place of the host, like `eu-central-1a`. Hosts of two zones never change together.'),
})

/** Hosts as a config names them, and as an inventory prints them. */
export const hosts = union(hostsWords, [nameList(hostsWords), named(hostsWords, name, host)])

export const ssh = mapping('a mapping with `hosts` or `inventory`', {
  user: key(userName, "The login on the hosts; default: from ssh's settings."),
  port: key(port, "The port of ssh on the hosts; default: from ssh's settings."),
  jump: key(jumpHosts, 'The hosts on the way, `[user@]host[:port]`, separated by commas.'),
  settings: key(
    pathInside('the path of a file'),
    "A file of ssh settings in the checkout, in place of the user's own.",
  ),
  'host-keys': byDefault(
    oneOf(['known', 'accept-new']),
    'known',
    'The check of host keys. `known`: a host must be known already. `accept-new` trusts a host that was never seen; a changed key is never trusted.',
  ),
  'connect-timeout': byDefault(duration, '10s', 'The longest time until a host lets ssh in.'),
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
