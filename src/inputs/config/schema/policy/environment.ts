import * as z from 'zod/mini'
import { detourThere } from '../detour.ts'
import { maintenanceAccess } from '../maintenance.ts'
import { distinct, environmentName } from '../names.ts'
import { servicesThere } from '../services.ts'
import { expected, flag, mapping, oneOf, text, union } from '../shapes.ts'
import { duration, webAddress, wholeNumber } from '../values.ts'
import { requiredVariables, variables } from '../variables.ts'
import { byDefault, key, required, vocabulary } from '../vocabulary.ts'
import { approval, people } from './approval.ts'
import { freezes, windows } from './freezes.ts'
import { halt } from './halt.ts'
import { issues } from './issues.ts'
import { notify } from './notify.ts'

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

export const environment = mapping('a mapping with `class`', {
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
