import * as z from 'zod/mini'
import { noticePoints } from '../../../../domain/notify/notice-rule.ts'
import { looseCommandKeys } from '../command.ts'
import { distinct } from '../names.ts'
import { expected, mapping, oneOf, text } from '../shapes.ts'
import { duration } from '../values.ts'
import { byDefault, key, required, vocabulary } from '../vocabulary.ts'

const onWords = `a list of ${noticePoints.map((point) => `\`${point}\``).join(', ')}`

const on = z
  .array(oneOf(noticePoints), { error: expected(onWords) })
  .check(
    z.minLength(1, { error: () => 'names nothing: add a moment, like `failed`, or remove the entry' }),
    distinct,
  )
  .register(vocabulary, { words: onWords })

/** An address, or a variable that holds one: the address of a webhook is often a secret itself. */
const address = text(
  'an address like https://events.example.com or `$WEBHOOK`',
  /^(?:https?:\/\/[^\s/?#]+\S*|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?\S*)$/,
)

const secret = mapping('a mapping with `header` and `variable`', {
  header: required(
    text('the name of a header, like Authorization', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/),
    'The name of the header.',
  ),
  variable: required(
    text('the name of a variable, like EVENTS_TOKEN', /^[A-Za-z_][A-Za-z0-9_]*$/),
    'The variable with the whole value of the header. Without a value nothing is sent.',
  ),
})

type NoticeWritten = Readonly<Partial<Record<'http' | 'shell' | 'env' | 'working-directory', unknown>>>

const entryWords = 'a mapping with `on`, and `run` or `http`'

const entry = mapping(entryWords, {
  on: required(
    on,
    'The moments. `failed`: every end that is neither a success nor a way back. `waiting`: for an approval, or for a decision after a failure.',
  ),
  ...looseCommandKeys(
    'A command, which gets the notice as JSON on stdin and its main values as variables. It runs in the files of the default branch.',
  ),
  http: key(
    address,
    'An address that gets the notice by POST, as a CloudEvent in JSON. Redirects are not followed. Variables stand as `$NAME`.',
  ),
  secret: key(secret, 'A secret header for `http`.'),
  timeout: byDefault(duration, '30s', 'The longest time for one try; at most 1m.'),
}).check(
  z.refine((written) => (written.run === undefined) !== (written.http === undefined), {
    error: () => 'needs `run` or `http`, and not both',
    when: ({ issues }) => issues.length === 0,
  }),
  z.refine((written) => written.http !== undefined || written.secret === undefined, {
    path: ['secret'],
    error: () => 'belongs to `http`: a command sees the variables itself',
  }),
  ...(['shell', 'env', 'working-directory'] as const).map((setting) =>
    z.refine<NoticeWritten>((written) => written.http === undefined || written[setting] === undefined, {
      path: [setting],
      error: () => 'belongs to `run`: an address has no command to set it for',
    }),
  ),
  z.refine((written) => written.timeout <= 60_000, {
    path: ['timeout'],
    error: () => 'is more than 1m: a deployment waits for its notices at the end',
  }),
)

const notifyWords = 'a list of mappings with `on`, and `run` or `http`'

/** Two entries of one way could not be told apart in the ledger. */
export const notify = z
  .array(entry, { error: expected(notifyWords) })
  .check(
    z.refine((entries) => new Set(entries.map(({ run, http }) => run ?? http)).size === entries.length, {
      error: () => 'names one command or address twice: put all its moments into one `on`',
      when: ({ issues }) => issues.length === 0,
    }),
  )
  .register(vocabulary, { words: notifyWords })

export type NoticeValue = z.output<typeof entry>
