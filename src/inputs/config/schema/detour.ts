import * as z from 'zod/mini'
import { anywhere, looseCommandKeys } from './command.ts'
import { detourDatabase, ownDatabases } from './detour/database.ts'
import { door } from './detour/door.ts'
import { distinct } from './names.ts'
import { onOrJob } from './on.ts'
import { absentWord } from './services.ts'
import { expected, flag, mapping, oneOf, union } from './shapes.ts'
import { duration, durationOrNone, probeAddress, wholeNumber } from './values.ts'
import { variables } from './variables.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'
import { wholeServices } from './whole-services.ts'

const linksWords = 'a list of addresses'
const links = z
  .array(probeAddress, { error: expected(linksWords) })
  .check(distinct)
  .register(vocabulary, { words: linksWords })

const smokeTestWords = 'a mapping of settings of the smoke test'

/** A job of the engine reaches a side by a name inside. */
const smokeTest = mapping(smokeTestWords, {
  links: byDefault(flag(), true, 'True if each of `links` must answer 200, without a redirect.'),
  ...looseCommandKeys('A command that exits with 0 for yes.'),
  ...anywhere,
  timeout: byDefault(duration, '1m', 'The longest time of one try.'),
  delay: byDefault(durationOrNone, '20s', 'The time before the first try.'),
  attempts: byDefault(wholeNumber(1), 5, 'The tries before it counts as failed.'),
  interval: byDefault(durationOrNone, '30s', 'The time between two tries.'),
  'on-failure': byDefault(
    oneOf(['ask', 'revert']),
    'ask',
    'The reaction to a failure. `ask`: a person is asked, and sees it. `revert`: the deployment goes back unasked, in `clone` with its database.',
  ),
  on: key(onOrJob, 'The place of the command; default: the runner.'),
})

/** A side without a service serves no visitor. */
const namesServices = z.refine<{ services: object }>(({ services }) => Object.keys(services).length > 0, {
  path: ['services'],
  error: () => 'names no service, so that nothing could serve visitors: add those that serve at home',
  when: ({ issues }) => issues.length === 0,
})

const clone = mapping('a mapping with `database`, `door` and `services`', {
  mode: byDefault(
    oneOf(['read-only', 'read-write']),
    'read-only',
    'Visitors of the stand-in only read, by the word of its database; or they write, and what they write is lost.',
  ),
  'accept-data-loss': byDefault(
    flag(),
    false,
    'Accepts that what is written during a `read-write` detour is lost when visitors return.',
  ),
  when: byDefault(
    oneOf(['asked', 'always', 'migrate', 'contract']),
    'asked',
    'The deployments that step aside: those that ask for it, all, those that migrate, or those whose migration the serving release cannot work with.',
  ),
  database: required(detourDatabase, 'The database, and how it is copied.'),
  door: required(door, 'The door that sends visitors to a side.'),
  services: required(
    wholeServices,
    'The services of the stand-in, beside those of home, which run the serving release meanwhile: instances, or a workload by the name of its service at home.',
  ),
  env: byDefault(
    variables(),
    {},
    'Variables of workloads on Kubernetes that are made like those of home, like the address of the copy.',
  ),
  links: byDefault(links, [], 'Addresses at which people reach home while visitors do not.'),
  'smoke-test': key(smokeTest, 'Looks at home by machine before people are asked.'),
  lasts: byDefault(
    duration,
    '1d',
    'The time after which an open detour is reported loudly. Nothing ends it unasked.',
  ),
  'validate-before-swap': byDefault(
    flag(),
    false,
    'True if people look once more before visitors return to the older release.',
  ),
  'revert-by': byDefault(
    oneOf(['promote', 'copy-back']),
    'promote',
    "The way back to the data of before: the stand-in takes home's place, or is copied back to it.",
  ),
}).check(namesServices)

const sideLinks = mapping('a mapping with `home` and `stand-in`', {
  home: byDefault(links, [], 'Addresses at which people reach home while visitors do not.'),
  'stand-in': byDefault(links, [], 'The same of the stand-in.'),
})

const databaseWords = '`none`, `shared` or a mapping with `own`'

const blueGreen = mapping('a mapping with `database`, `door` and `services`', {
  database: required(
    union(databaseWords, [
      oneOf(['none', 'shared']),
      mapping('a mapping with `own`', {
        own: required(ownDatabases, 'The databases of both sides: the one that changes gets a copy.'),
      }),
    ]),
    'The database: none, one that both sides share, or one for each. A shared one takes expand migrations alone.',
  ),
  door: required(door, 'The door that sends visitors to a side.'),
  services: required(
    wholeServices,
    'The services of the stand-in: each by the name of one at home, in a place of its own.',
  ),
  links: key(sideLinks, 'Addresses at which people reach a side while visitors do not.'),
  'smoke-test': key(smokeTest, 'Looks at the side with the new release by machine before visitors move.'),
}).check(namesServices)

const shapesWords = 'a mapping with `clone` or `blue-green`'

/** The detour of a recipe. */
export const detour = mapping(shapesWords, {
  clone: key(
    clone,
    'A copy serves visitors while home is changed; people look at home before visitors return.',
  ),
  'blue-green': key(
    blueGreen,
    'The release goes to the side that visitors are not on, and they move to it in one switch.',
  ),
}).check(
  z.refine((written) => (written.clone === undefined) !== (written['blue-green'] === undefined), {
    error: () => 'needs `clone` or `blue-green`, and not both',
    when: ({ issues }) => issues.length === 0,
  }),
)

const thereWords = 'a mapping with `clone` or `blue-green`, or `absent`'

/** Changes of an environment, which are checked once they lie over the recipe's; or the word that it has no detour. */
export const detourThere = union(thereWords, [
  z.literal(absentWord, { error: expected(thereWords) }).register(vocabulary, { words: '`absent`' }),
  z
    .record(z.enum(['clone', 'blue-green']), z.optional(z.record(z.string(), z.unknown())), {
      error: expected(thereWords),
    })
    .register(vocabulary, { words: 'a mapping with `clone` or `blue-green`' }),
])

export type DetourValue = z.output<typeof detour>
export type CloneValue = z.output<typeof clone>
export type BlueGreenValue = z.output<typeof blueGreen>
