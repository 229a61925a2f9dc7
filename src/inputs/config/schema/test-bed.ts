import * as z from 'zod/mini'
import { looseCommandKeys, probe } from './command.ts'
import { nameList } from './names.ts'
import { flag, mapping, oneOf, union } from './shapes.ts'
import { count, duration, durationOrNone, share, wholeNumber } from './values.ts'
import { byDefault, key } from './vocabulary.ts'

const instancesWords = 'a count like 3 or 25%, or a list of names'

/** The list comes first: a count is a union itself, whose error for a list only says that it is no count. */
const instances = union(instancesWords, [
  nameList(instancesWords).check(
    z.minLength(1, { error: () => 'names no instance: add one, or write a count' }),
  ),
  count(1, instancesWords),
])

const watchedWords = 'true or false, or a list of names'

const compare = mapping('a mapping with `figures` or `run`', {
  figures: key(
    probe,
    'Asked of every instance: answers with figures by name, in JSON, of which less is better, or with their series.',
  ),
  tolerance: byDefault(
    share,
    '10%',
    "The share by which the test bed's figures may be worse than those of the others.",
  ),
  readings: byDefault(wholeNumber(2), 5, 'The fewest readings of an instance for a verdict.'),
  'dry-run': key(
    union(watchedWords, [flag(), nameList(watchedWords)]),
    'Figures that are judged and shown without deciding; `true`: all of them.',
  ),
  ...looseCommandKeys(
    'Decides in place of the tolerance: exits with 0 for better or equal, 1 for worse, anything else for inconclusive.',
  ),
  timeout: key(duration, 'The longest time of `run` before it is ended; default: 1m.'),
})

export const testBed = mapping('a mapping of test bed settings', {
  instances: byDefault(instances, 1, 'The number of instances to change first, or their names.'),
  'bake-time': byDefault(durationOrNone, '10m', 'The time to watch them before the others are changed.'),
  'warm-up': byDefault(durationOrNone, '0s', 'The first part of the bake, whose figures do not count.'),
  on: byDefault(
    oneOf(['clock', 'run']),
    'clock',
    '`run` keeps the run for the whole bake; `clock` ends it, and a later run judges.',
  ),
  'on-success': byDefault(
    oneOf(['go-on', 'ask']),
    'go-on',
    'The sequel of a good bake: the other instances, or a question to a person.',
  ),
  compare: key(compare, 'Compares them with the instances that still serve the older release.'),
})

export type TestBedValue = z.output<typeof testBed>
