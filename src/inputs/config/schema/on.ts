import * as z from 'zod/mini'
import { code, listed, nearest } from '../wording.ts'
import { name, nameList } from './names.ts'
import { expected, mapping, oneOf, union } from './shapes.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const instancesWords = '`one`, `all`, or a list of names'

const instances = union(instancesWords, [
  oneOf(['one', 'all']),
  nameList(instancesWords).check(
    z.minLength(1, { error: () => 'names no instance: add one, or write `one` or `all`' }),
  ),
])

const words = '`runner`, or a mapping with `service`'

/** The place of the command of a step, a hook or a task. */
export const on = union(words, [
  z.literal('runner', { error: expected(words) }),
  mapping(words, {
    service: required(name, 'The service on whose instances it runs, over the connection of its fleet.'),
    instances: byDefault(instances, 'one', 'The instances: the first one, all of them, or these.'),
  }),
]).register(vocabulary, {
  id: 'on',
  words,
  description: 'The place of a command: the machine of the job, or instances of a service.',
})

const jobWords = '`runner`, or a mapping with `service` or `engine`'

/** The place of a command that may be a job of an engine. */
export const onOrJob = union(jobWords, [
  on,
  mapping(jobWords, {
    engine: required(name, 'The service on whose engine it runs as a job, in the image of the release.'),
    container: key(name, 'The container whose image and settings the job has; default: the first.'),
  }),
]).register(vocabulary, {
  id: 'on-or-job',
  words: jobWords,
  description: 'The place of a command: the machine of the job, instances of a service, or its engine.',
})

/** The place of an instance's own command, where it is not the instance. */
export const onRunner = z
  .literal('runner', { error: expected('`runner`') })
  .register(vocabulary, { words: '`runner`' })

export type OnValue = z.output<typeof onOrJob>

interface PlacesWritten {
  readonly services?: unknown
  readonly steps?: unknown
  readonly tasks?: unknown
}

/** Commands can only run on services that there are. */
export const onKnownServices = z.check<PlacesWritten>(
  ({ value, issues }) => {
    const known = Object.keys(mappingOf(value.services))
    for (const [top, part] of Object.entries({ steps: value.steps, tasks: value.tasks }))
      for (const { path, service } of placesIn(part, [top])) {
        if (known.includes(service)) continue
        issues.push({ code: 'custom', path, message: noService(service, known), input: service })
      }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

function noService(service: string, known: readonly string[]): string {
  const near = nearest(service, known)
  const hint =
    near === null
      ? known.length === 0
        ? ''
        : `; there is ${listed(known)}`
      : `; did you mean ${code(near)}?`
  return `there is no service ${code(service)}${hint}`
}

/** The services that commands below a value run on, with their paths. */
export function placesIn(value: unknown, path: string[]): { path: string[]; service: string }[] {
  return Object.entries(mappingOf(value)).flatMap(([key, below]) => {
    const { engine } = key === 'scheduler' ? mappingOf(below) : {}
    if (typeof engine === 'string') return [{ path: [...path, key, 'engine'], service: engine }]
    if (key === 'on')
      for (const place of ['service', 'engine']) {
        const service = mappingOf(below)[place]
        if (typeof service === 'string') return [{ path: [...path, key, place], service }]
      }
    return placesIn(below, [...path, key])
  })
}

const mappingOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
