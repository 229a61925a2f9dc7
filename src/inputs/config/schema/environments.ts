import * as z from 'zod/mini'
import { code, listed, nearest } from '../wording.ts'
import { detourThere } from './detour.ts'
import { maintenanceAccess } from './maintenance.ts'
import { distinct, environmentName } from './names.ts'
import { freezes, windows } from './policy/freezes.ts'
import { halt } from './policy/halt.ts'
import { issues } from './policy/issues.ts'
import { notify } from './policy/notify.ts'
import { servicesThere } from './services.ts'
import { expected, flag, mapping, named, oneOf, text, union } from './shapes.ts'
import { duration, webAddress, wholeNumber } from './values.ts'
import { requiredVariables, variables } from './variables.ts'
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

const people = (nobody: string) =>
  z
    .array(approver, { error: expected(approversWords) })
    .check(z.minLength(1, { error: () => `names nobody: ${nobody}` }), distinct)
    .register(vocabulary, { words: approversWords })

const approvers = people('add a login or a team, or nothing could ever be approved')

const approvalWords = '`true`, `false`, or a mapping with `from` or `allow-bypass`'

/** A team has any number of members. */
const tooFew = (from: readonly string[] | undefined, atLeast: number | undefined): boolean =>
  from !== undefined &&
  from.length > 0 &&
  !from.some((name) => name.includes('/')) &&
  new Set(from.map((name) => name.toLowerCase())).size < (atLeast ?? 1)

const approval = union(approvalWords, [
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

const verifiedInWords = 'a name, or a mapping with `environment` and `for`'

const verifiedIn = union(verifiedInWords, [
  environmentName,
  mapping(verifiedInWords, {
    environment: required(environmentName, 'The other environment.'),
    for: key(
      duration,
      'The time for which it must have kept the release since that success. A rollback, another release, a forced step or instance, or a drift there ends it.',
    ),
  }),
])

/** The environment of a proof, as it may be written. */
const provenIn = (written: unknown): unknown =>
  typeof written === 'object' && written !== null && 'environment' in written ? written.environment : written

const wavesWords = 'a list of environments'

const waves = z
  .array(environmentName, { error: expected(wavesWords) })
  .check(z.minLength(1, { error: () => 'names none: add an environment, or remove it' }), distinct)
  .register(vocabulary, { words: wavesWords })

const unanswered = mapping('a mapping with `after` and `decision`', {
  after: required(duration, 'The longest wait for an answer.'),
  decision: required(
    oneOf(['roll-back', 'abandon', 'exclude']),
    'The decision then. `exclude`: the failed instances are left alone, and the others continue.',
  ),
})

const stepIdsWords = 'a list of steps, like `migrate` or `task/name`'

const stepIds = z
  .array(text('the id of a step, like `migrate` or `task/name`', /^[a-z][\w./-]*$/), {
    error: expected(stepIdsWords),
  })
  .check(distinct)
  .register(vocabulary, { words: stepIdsWords })

const environment = mapping('a mapping with `class`', {
  class: required(
    oneOf(['sandbox', 'staging', 'production']),
    'The class of the environment. A production requires an approval unless `requires` says otherwise.',
  ),
  url: key(webAddress, 'The address that GitHub shows for the environment.'),
  env: key(
    variables(),
    'Variables for commands here, on the runner and on hosts. They are no secrets and are never masked; `ROLLGATE_ENV` wins.',
  ),
  logs: key(
    webAddress,
    "The address of the environment's logs. It is linked on the page of a deployment, in its record and in its issue.",
  ),
  requires: byDefault(
    mapping('a mapping with `approval` or `verified-in`', {
      approval: key(
        approval,
        "The approval: true means GitHub's own reviewers of the environment. Default: true for a production, false otherwise.",
      ),
      answers: key(
        mapping('a mapping with `from`', {
          from: required(
            people('add a login or a team, or remove `answers`'),
            'Logins and `org/team`s; each may answer, also for their own deployments.',
          ),
        }),
        'The people who answer questions after a failure. Default: the people who may approve.',
      ),
      'verified-in': key(
        verifiedIn,
        'Another environment, in which the same commit must have been deployed first: successfully, as a whole, and with no failure afterwards. A mapping also says for how long. A rollback needs no such proof.',
      ),
      'rehearsed-in': key(
        environmentName,
        'Another environment, in which a rollback from the same commit and back must have succeeded first. A rollback needs no such proof.',
      ),
      detour: key(
        oneOf(['migrate', 'contract', 'always']),
        'The deployments that are refused without a detour: those that migrate, those whose migration the serving release cannot work with, or all. The first deployment and going back need none.',
      ),
      manifest: key(
        flag(),
        'True if a release must have a manifest, as the release workflow makes it. Default: a tag alone is enough.',
      ),
      final: key(flag(), 'True if prereleases are refused. Default: true for a production, false otherwise.'),
    }),
    {},
    'The conditions before anything changes.',
  ),
  rollback: key(
    mapping('a mapping with `not-self` or `at-least`', {
      'not-self': key(
        flag(),
        'True if `not-self` of `requires.approval` binds going back too. Default: false, so that people named in `from` may approve their own rollback and answer `roll-back`.',
      ),
      'at-least': key(
        wholeNumber(1),
        'The number of different people who must approve going back. Default: 1, whatever `at-least` of `requires.approval` says, so that one person can go back alone.',
      ),
    }),
    'The rules for going back.',
  ),
  unanswered: key(
    unanswered,
    'The default decision on a question after a failure; default: the question waits without limit.',
  ),
  // biome-ignore lint/suspicious/noThenProperty: a config is never awaited
  then: key(
    waves,
    'Environments that start by themselves once a release is proven here. Each has a run and a gate of its own.',
  ),
  freezes: key(freezes, 'Times at which nothing begins here, unless `allow` names it.'),
  windows: key(
    windows,
    'Times outside of which only a rollback begins here; default: every time is allowed.',
  ),
  'freeze-override': key(
    mapping('a mapping with `by`', {
      by: required(
        people('add a login or a team, or remove `freeze-override`'),
        'Logins and `org/team`s; each may, with a reason.',
      ),
    }),
    'The people who may override freezes and windows; default: none.',
  ),
  halt: key(
    halt,
    'The signals that hold back a release: before it begins, before each batch, and while it is watched. Going back is never held. Default: only a person halts.',
  ),
  notify: key(
    notify,
    'The commands and addresses that are told of deployments, at least once each. A failure never changes a deployment; the next watch tries again.',
  ),
  issues: key(issues, 'The issue for a deployment that fails or needs a person; default: no issue.'),
  'requires-variables': key(
    requiredVariables,
    'Names of variables that a run must have here, besides the `requires-variables` of the release.',
  ),
  maintenance: key(
    maintenanceAccess,
    'The people who see the application while visitors see the page of `steps.maintenance`.',
  ),
  detour: key(
    detourThere,
    "Changes for this environment, laid over the recipe's `steps.detour`: mappings are merged, all else is replaced. `absent` where it cannot have it: a deployment that asks for a detour is refused.",
  ),
  'allow-destructive': key(
    stepIds,
    'The destructive steps that a production allows, once confirmed; default: none. Other environments only need the confirmation.',
  ),
  services: key(
    servicesThere,
    "Changes for this environment, laid over the recipe's services: mappings are merged, all else is replaced. `absent` in place of a mapping leaves a service out here.",
  ),
})

/** Going back may need as many people as the approval has, and no more. */
const enoughToGoBack = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    for (const [name, policy] of Object.entries(value)) {
      // Other mistakes in an environment are reported as well, so that any value passes here.
      const approval: unknown = policy?.requires?.approval
      const atLeast: unknown = policy?.rollback?.['at-least']
      const from =
        typeof approval === 'object' && approval !== null && 'from' in approval ? approval.from : undefined
      if (!Array.isArray(from) || typeof atLeast !== 'number' || !tooFew(from.map(String), atLeast)) continue
      issues.push({
        code: 'custom',
        path: [name, 'rollback', 'at-least'],
        message:
          'is more than the people in `from` of `requires.approval`, so that nobody could ever go back: name more people',
        input: atLeast,
      })
    }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** A proof from an environment that the file does not have, or from itself, could never be given. */
const verifiedElsewhere = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    for (const [name, policy] of Object.entries(value)) {
      // Other mistakes in an environment are reported as well, so that any value passes here.
      for (const proof of ['verified-in', 'rehearsed-in'] as const) {
        const where = provenIn(policy?.requires?.[proof])
        if (typeof where !== 'string' || (where !== name && names.includes(where))) continue
        issues.push({
          code: 'custom',
          path: [name, 'requires', proof],
          message: where === name ? `${code(name)} cannot be its own proof` : notThere(where, names, name),
          input: where,
        })
      }
    }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** A wave that comes back to where it began would go on for ever. */
const wavesEnd = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    const after = (name: string): readonly string[] => {
      const next: unknown = value[name]?.then
      return Array.isArray(next) ? next.filter((one) => typeof one === 'string') : []
    }
    const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
      from === to ||
      (!seen.has(from) && after(from).some((next) => reaches(next, to, new Set([...seen, from]))))
    for (const name of names)
      after(name).forEach((next, at) => {
        const path = [name, 'then', at]
        if (next !== name && !names.includes(next))
          issues.push({ code: 'custom', path, message: notThere(next, names, name), input: next })
        else if (reaches(next, name, new Set()))
          issues.push({
            code: 'custom',
            path,
            message: `leads back to ${code(name)}: it would go on for ever`,
            input: next,
          })
      })
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** GitHub ignores the case of a name: two such names would be one environment with two ledgers. */
const eachOnce = z.check<Record<string, unknown>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    names.forEach((name, at) => {
      const first = names.slice(0, at).find((other) => other.toLowerCase() === name.toLowerCase())
      if (first === undefined) return
      const message = `${code(name)} is ${code(first)} to GitHub, which takes no notice of capitals: keep one of them`
      issues.push({ code: 'custom', path: [name], message, input: name })
    })
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

function notThere(where: string, names: readonly string[], own: string): string {
  const others = names.filter((name) => name !== own)
  const near = nearest(where, others)
  const hint =
    near !== null
      ? `; did you mean ${code(near)}?`
      : others.length === 0
        ? ''
        : `; there is ${listed(others)}`
  return `there is no environment ${code(where)}${hint}`
}

export const environments = named('a mapping of environments by name', environmentName, environment).check(
  verifiedElsewhere,
  enoughToGoBack,
  wavesEnd,
  eachOnce,
)

export type EnvironmentValue = z.output<typeof environment>
