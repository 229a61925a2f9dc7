import * as z from 'zod/mini'
import { anywhere, looseCommandKeys } from './command.ts'
import { detourDatabase } from './detour/database.ts'
import { door } from './detour/door.ts'
import { distinct } from './names.ts'
import { absentWord } from './services.ts'
import { expected, flag, mapping, oneOf } from './shapes.ts'
import { duration, durationOrNone, probeAddress, wholeNumber } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'
import { wholeServices } from './whole-services.ts'

const linksWords = 'a list of addresses'
const links = z
  .array(probeAddress, { error: expected(linksWords) })
  .check(distinct)
  .register(vocabulary, { words: linksWords })

const smokeTest = mapping('a mapping of settings of the smoke test', {
  links: byDefault(flag(), true, 'True if each of `links` must answer 200, without a redirect.'),
  ...looseCommandKeys('A command that exits with 0 for yes.'),
  ...anywhere,
  timeout: byDefault(duration, '1m', 'The longest time of one try.'),
  delay: byDefault(durationOrNone, '20s', 'The time before the first try.'),
  attempts: byDefault(wholeNumber(1), 5, 'The tries before it counts as failed.'),
  interval: byDefault(durationOrNone, '30s', 'The time between two tries.'),
  'on-failure': byDefault(
    oneOf(['ask']),
    'ask',
    'The reaction to a failure. `ask`: it is a warning beside the question.',
  ),
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
    'The services of the stand-in: instances beside those of home, which run the serving release meanwhile.',
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
}).check(
  z.refine((written) => Object.keys(written.services).length > 0, {
    path: ['services'],
    error: () => 'names no service, so that nothing could serve visitors: add those that serve at home',
    when: ({ issues }) => issues.length === 0,
  }),
)

/** The detour of a recipe. */
export const detour = mapping('a mapping with `clone`', {
  clone: required(
    clone,
    'A copy serves visitors while home is changed; people look at home before visitors return.',
  ),
})

const absentWords = '`absent`'

/** The word of an environment that cannot have the detour of the recipe. */
export const detourThere = z
  .literal(absentWord, { error: expected(absentWords) })
  .register(vocabulary, { words: absentWords })

export type CloneValue = z.output<typeof clone>
