import * as z from 'zod/mini'
import { distinct } from '../names.ts'
import { expected, flag, mapping, union } from '../shapes.ts'
import { duration, wholeNumber } from '../values.ts'
import { key, vocabulary } from '../vocabulary.ts'

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

export const people = (consequence: string) =>
  z
    .array(approver, { error: expected(approversWords) })
    .check(z.minLength(1, { error: () => `names no person: ${consequence}` }), distinct)
    .register(vocabulary, { words: approversWords })

const approvers = people('add a login or a team, or nothing could ever be approved')

const approvalWords = '`true`, `false`, or a mapping with `from` or `allow-bypass`'

/** A team has any number of members. */
export const tooFew = (from: readonly string[] | undefined, atLeast: number | undefined): boolean =>
  from !== undefined &&
  from.length > 0 &&
  !from.some((name) => name.includes('/')) &&
  new Set(from.map((name) => name.toLowerCase())).size < (atLeast ?? 1)

export const approval = union(approvalWords, [
  flag(),
  mapping(approvalWords, {
    'allow-bypass': key(
      flag(),
      "Accepts that an administrator bypasses GitHub's reviewers; it is shown as a bypass.",
    ),
    from: key(
      approvers,
      'Logins and `org/team`s of which one must approve, or `at-least` of them, if GitHub has no reviewers.',
    ),
    'at-least': key(
      wholeNumber(1),
      "The number of different people who must approve. Default: 1. GitHub's own reviewers cannot be counted: one suffices there, and the plan warns.",
    ),
    'not-self': key(
      flag(),
      'True if the person who started the deployment may not approve it. Default: false.',
    ),
    expires: key(
      duration,
      'The longest wait for the approval before it counts as rejected; default: no limit.',
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
    z.refine((written) => !tooFew(written.from, written['at-least']), {
      path: ['at-least'],
      error: () =>
        'is more than the people in `from`, so that nothing could ever be approved: name more people',
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
