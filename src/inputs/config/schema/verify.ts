import * as z from 'zod/mini'
import { namesNoEnvironment } from '../../../domain/bake/front-door.ts'
import { anywhere, looseCommandKeys, probe } from './command.ts'
import { name } from './names.ts'
import { readable } from './rules/rule.ts'
import { expected, mapping, named, oneOf, union } from './shapes.ts'
import { duration, durationOrNone, probeAddress, wholeNumber } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const bakeWords = 'a duration like 10m, or a mapping with `for`'

const bake = union(bakeWords, [
  z.pipe(
    duration,
    z.transform((lasts: number) => ({ for: lasts, on: 'clock' as const, interval: 30_000 })),
  ),
  mapping(bakeWords, {
    for: required(duration, 'The time to watch it.'),
    on: byDefault(
      oneOf(['clock', 'run']),
      'clock',
      'The place of the watch. `clock`: the run ends, and the scheduled watch judges the series of `figures`. `run`: the run stays and looks, and its minutes count.',
    ),
    interval: byDefault(duration, '30s', 'The time between two looks of a run that stays.'),
  }),
])

const limitWords = 'a number, 0 or more'
const limit = z
  .number({ error: expected(limitWords) })
  .check(z.minimum(0, { error: expected(limitWords) }))
  .register(vocabulary, { words: limitWords })

const settings = mapping('a mapping with `http`, `run` or `bake`', {
  http: key(
    probeAddress,
    'An address of the front door that answers 200 for yes. It must name the environment: `$ROLLGATE_URL` is its `url`.',
  ),
  ...looseCommandKeys(
    'A smoke test that exits with 0 for yes; it sees `ROLLGATE_ENVIRONMENT` and `ROLLGATE_URL`.',
  ),
  ...anywhere,
  timeout: byDefault(duration, '1m', 'The longest time of one try.'),
  attempts: byDefault(wholeNumber(1), 3, 'The tries of each before it counts as failed.'),
  interval: byDefault(durationOrNone, '5s', 'The time between two tries.'),
  bake: key(
    bake,
    'The time to watch the whole environment afterwards, before the record says success: the health of every instance, and the limits of `figures`.',
  ),
  figures: key(
    probe,
    'Prints the figures of the environment between `ROLLGATE_FROM` and `ROLLGATE_UNTIL`: JSON, an object a line, each with its time `at`.',
  ),
  'at-most': key(
    named('a mapping of figures to numbers', name, limit),
    'The limit of each figure while it bakes: of a rate over all the time, of any other number in every reading.',
  ),
  'on-failure': byDefault(
    oneOf(['ask', 'roll-back']),
    'ask',
    'The reaction to a failure. `roll-back`: the deployment is taken back unasked, where that can be done.',
  ),
})

type VerifyWritten = z.output<typeof settings>

/**
 * A rule about several keys, at the key that is to be corrected. A value that could not be read is one finding: no rule
 * that reads it speaks as well.
 */
const rule = (
  path: string[],
  words: string,
  holds: (written: VerifyWritten) => boolean,
  reads: string[] = [],
) =>
  z.refine<VerifyWritten>(holds, {
    path,
    error: () => words,
    when: readable([path, ...reads.map((read) => [read])]),
  })

/** A job on a runner of GitHub ends after six hours, and needs some of them for the deployment itself. */
const longestStay = 5 * 3_600_000

/** The clock of GitHub comes every five minutes at best: a run waits for a minute itself. */
const shortBake = 60_000

export const verify = settings.check(
  z.refine<VerifyWritten>(({ http, run, bake: watched }) => (http ?? run ?? watched) !== undefined, {
    error: () => 'asks nothing: add `http`, `run` or `bake`',
    when: ({ issues }) => issues.length === 0,
  }),
  rule(
    ['http'],
    'names no environment, so every environment would ask the same front door: write `$ROLLGATE_URL/…` for the `url` of the environment, or use `$ROLLGATE_ENVIRONMENT`',
    ({ http }) => http === undefined || !namesNoEnvironment(http),
  ),
  rule(
    ['figures', 'http'],
    'names no environment, so the figures of one would judge another: use `$ROLLGATE_ENVIRONMENT` or `$ROLLGATE_URL`',
    ({ figures }) => figures?.http === undefined || !namesNoEnvironment(figures.http),
  ),
  rule(
    ['figures'],
    'asks nothing, or asks twice: keep one of `http` and `run`',
    ({ figures }) => figures === undefined || (figures.http === undefined) !== (figures.run === undefined),
  ),
  rule(
    ['figures'],
    'belongs to `bake`: say for how long it is watched, or remove it',
    (written) => written.figures === undefined || written.bake !== undefined,
    ['bake'],
  ),
  rule(
    ['at-most'],
    'belongs to `figures`: neither decides anything without the other',
    (written) => (written.figures === undefined) === (written['at-most'] === undefined),
    ['figures'],
  ),
  rule(
    ['at-most'],
    'limits nothing: name a figure and its limit',
    (written) => written['at-most'] === undefined || Object.keys(written['at-most']).length > 0,
  ),
  rule(
    ['bake'],
    'could never be judged: the clock looks every few minutes at best. Add `figures` that print a series, or keep the run with `{ for: …, on: run }`',
    ({ bake: watched, figures }) =>
      watched === undefined || watched.on === 'run' || watched.for <= shortBake || figures !== undefined,
    ['figures'],
  ),
  rule(
    ['bake'],
    'keeps the run for more than 5 hours, and a job of GitHub ends after 6: let the clock carry it',
    ({ bake: watched }) => watched?.on !== 'run' || watched.for <= longestStay,
  ),
  ...(['shell', 'env', 'working-directory', 'on'] as const).map((own) =>
    rule(
      [own],
      'belongs to `run`: add the command, or remove it',
      (written) => written.run !== undefined || written[own] === undefined,
    ),
  ),
)
