import * as z from 'zod/mini'
import { distinct, refName } from './names.ts'
import { services } from './services.ts'
import { expected, flag, mapping, named, oneOf, union } from './shapes.ts'
import { duration, webAddress } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const approverWords = 'a login or a team, like `alice` or `org/releasers`'

const approver = z.string({ error: expected(approverWords) }).check(
  z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/, {
    error: (issue) => {
      const at = String(issue.input).startsWith('@') ? ': write it without the `@`' : ''
      return `${expected(approverWords)(issue)}${at}`
    },
  }),
)

const approversWords = 'a list of logins and teams'

const approvers = z
  .array(approver, { error: expected(approversWords) })
  .check(
    z.minLength(1, { error: () => 'names nobody: add a login or a team, or nothing could ever be approved' }),
    distinct,
  )
  .register(vocabulary, { words: approversWords })

const approvalWords = '`true`, `false`, or a mapping with `from` or `allow-bypass`'

const approval = union(approvalWords, [
  flag(),
  mapping(approvalWords, {
    'allow-bypass': key(
      flag(),
      "Accepts that an administrator bypasses GitHub's reviewers; it is shown as a bypass.",
    ),
    from: key(approvers, 'Logins and `org/team`s of which one must approve, where GitHub has no reviewers.'),
    'not-self': key(
      flag(),
      'Whether whoever started the deployment may not approve it. false when left out.',
    ),
    expires: key(
      duration,
      'How long the approval may wait before it counts as rejected; as long as it takes when left out.',
    ),
  }).check(
    z.refine((written) => written.from === undefined || written['allow-bypass'] === undefined, {
      path: ['allow-bypass'],
      error: () => "belongs to GitHub's own reviewers: remove it, or remove `from`",
    }),
    z.refine((written) => written.from !== undefined || written['not-self'] === undefined, {
      path: ['not-self'],
      error: () =>
        'belongs to `from`: add the people who may approve, or set this in GitHub, on the environment',
    }),
    z.refine((written) => written.from !== undefined || written.expires === undefined, {
      path: ['expires'],
      error: () => "belongs to `from`: a wait for GitHub's own reviewers is ended by GitHub, after 30 days",
    }),
    z.refine((written) => Object.values(written).some((value) => value !== undefined), {
      error: () => `expected ${approvalWords}, found an empty mapping`,
      when: ({ issues }) => issues.length === 0,
    }),
  ),
])

const unanswered = mapping('a mapping with `after` and `decision`', {
  after: required(duration, 'How long the question waits for an answer.'),
  decision: required(
    oneOf(['roll-back', 'abandon', 'exclude']),
    'What is then decided. `exclude`: the instances that failed are left alone, and the others go on.',
  ),
})

const environment = mapping('a mapping with `class`', {
  class: required(
    oneOf(['sandbox', 'staging', 'production']),
    'What is at stake. A production wants an approval unless `requires` says otherwise.',
  ),
  url: key(webAddress, 'The address that GitHub shows for the environment.'),
  requires: byDefault(
    mapping('a mapping with `approval`', {
      approval: key(
        approval,
        "Who must say yes: true means GitHub's own reviewers of the environment. When left out: true for a production, false otherwise.",
      ),
      manifest: key(
        flag(),
        'Whether a release must have a manifest, as the release workflow makes it. When left out a tag alone will do.',
      ),
      final: key(
        flag(),
        'Whether prereleases are refused. When left out: true for a production, false otherwise.',
      ),
    }),
    {},
    'What must be so before anything changes.',
  ),
  unanswered: key(
    unanswered,
    'What happens to a question after a failure that nobody answers; it waits as long as it takes when left out.',
  ),
  services: key(
    services,
    "What differs here, laid over the recipe's services: mappings are merged, all else is replaced.",
  ),
})

export const environments = named('a mapping of environments by name', refName, environment)

export type EnvironmentValue = z.output<typeof environment>
