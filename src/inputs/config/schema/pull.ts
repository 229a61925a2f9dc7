import type * as z from 'zod/mini'
import { hostAddress } from './addresses.ts'
import { probe } from './command.ts'
import { name, nameList } from './names.ts'
import { mapping, named, union } from './shapes.ts'
import { duration, wholeNumber } from './values.ts'
import { variables } from './variables.ts'
import { byDefault, key } from './vocabulary.ts'

const pulledWords = 'a list of names, or a mapping of names to settings'

const pulled = mapping('settings like `{ host: 10.0.0.1 }`, or `{}` for none', {
  host: key(hostAddress, 'The address of the host, for probes. Default: the name of the instance.'),
  env: key(variables(), 'Variables of this instance alone, for its addresses and for commands about it.'),
  zone: key(name, 'The place of the host, like `eu-central-1a`. Hosts of two zones never change together.'),
})

/** The instances whose hosts pull. */
const instances = union(pulledWords, [nameList(pulledWords), named(pulledWords, name, pulled)])

export const pull = mapping('a mapping with `instances`', {
  instances: key(instances, 'The instances, by name; as a mapping, each with settings of its own.'),
  interval: byDefault(duration, '1m', 'The time between two looks of an agent, as its timer has it.'),
  intervals: byDefault(
    wholeNumber(1),
    3,
    'The intervals within which an instance must run its desired release; later it has failed.',
  ),
  status: key(
    probe,
    "Answers with the agent's report in JSON: a failure on the host is known at once, and a restart can be seen.",
  ),
})

export type PullValue = z.output<typeof pull>
