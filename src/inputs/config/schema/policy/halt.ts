import * as z from 'zod/mini'
import { looseCommandKeys } from '../command.ts'
import { labels } from '../names.ts'
import { mapping, oneOf } from '../shapes.ts'
import { duration, probeAddress } from '../values.ts'
import { byDefault, key, required } from '../vocabulary.ts'

const haltWords = 'a mapping with `issues`, `run` or `http`'

const own = ['shell', 'env', 'working-directory'] as const

type OfCommand = { readonly run?: string | undefined } & { readonly [K in (typeof own)[number]]?: unknown }

/** The signals of an environment. */
export const halt = mapping(haltWords, {
  issues: key(
    mapping('a mapping with `labels`', {
      labels: required(
        labels.check(z.minLength(1, { error: () => 'names no label: add one, or remove `issues`' })),
        'An open issue with one of these labels holds the release. Issues that Rollgate opened itself do not count.',
      ),
    }),
    'Issues of this repository that hold the release. The job needs `issues: read`.',
  ),
  ...looseCommandKeys(
    'A command that exits with 0 if all is quiet, and with 1 for an alarm; its last line is shown. Any other end is unknown. It runs in the files of the default branch.',
  ),
  http: key(
    probeAddress,
    'An address that answers 200 if all is quiet. No answer, or one of a gateway or a login (like 502 or 401), is unknown.',
  ),
  timeout: byDefault(duration, '30s', 'The longest time of the command, or for an answer.'),
  'on-halt': byDefault(
    oneOf(['ask', 'roll-back']),
    'ask',
    "The consequence of a signal that was read: `ask` a person, or `roll-back` unasked. A person's halt, and a signal that is unknown, always ask.",
  ),
}).check(
  z.refine((written) => (written.issues ?? written.run ?? written.http) !== undefined, {
    error: () => 'reads nothing: add `issues`, `run` or `http`',
    when: ({ issues }) => issues.length === 0,
  }),
  ...own.map((name) =>
    z.refine<OfCommand>((written) => written.run !== undefined || written[name] === undefined, {
      path: [name],
      error: () => 'belongs to `run`: add the command, or remove it',
      when: ({ issues }) => issues.length === 0,
    }),
  ),
)

export type HaltValue = z.output<typeof halt>
