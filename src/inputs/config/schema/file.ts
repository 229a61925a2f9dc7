import * as z from 'zod/mini'
import { hook } from './command.ts'
import { environments } from './environments.ts'
import { name, refName } from './names.ts'
import { onKnownServices } from './on.ts'
import { schedulerOnKubernetes } from './scheduler.ts'
import { services } from './services.ts'
import { expected, flag, mapping, named, oneOf, text } from './shapes.ts'
import { steps } from './steps.ts'
import { pathInside, wholeNumber } from './values.ts'
import { requiredVariables, variableNames } from './variables.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'
import { wholeServices } from './whole-services.ts'

/** The version of the format that this Rollgate reads. */
export const formatVersion = 1

const release = mapping('a mapping with `base-version` or `schema`', {
  compatible: byDefault(
    flag(),
    true,
    'False if this release and the one before must not serve together: a roll, in which both do for a while, is refused, forward and back.',
  ),
  'base-version': key(
    text('text like "2026.1"'),
    'A release deploys only onto an environment of the same base version.',
  ),
  'read-only': key(
    oneOf(['supported']),
    '`supported` if the release works while its database refuses every write, as in a read-only detour. Default: it does not.',
  ),
  schema: key(pathInside('the path of a file'), 'The file whose content is the schema version.'),
  'large-change': byDefault(
    wholeNumber(1),
    50,
    'A new release with more commits than this since the last one causes a warning.',
  ),
})

const version = z
  .literal(formatVersion, { error: expected(`the number ${formatVersion}`) })
  .register(vocabulary, { words: `the number ${formatVersion}` })

const keys = {
  version: required(version, 'The version of this format.'),
  app: key(refName, 'The name of the app; default: the name of the repository. A monorepo has several apps.'),
  release: key(release, 'The facts about a release.'),
  environments: key(
    environments,
    'The environments. Read from the default branch, so that no release weakens its own gate.',
  ),
  steps: key(steps, 'The steps around the rollout; an absent step is not in the plan.'),
  services: key(services, 'The services to roll, in this order.'),
  'requires-variables': key(
    requiredVariables,
    'Names of variables that a run must have, in `ROLLGATE_ENV` or its job, and not empty; without one it is refused before anything changes.',
  ),
  vars: key(
    variableNames('a list of names of variables'),
    'Names of GitHub variables (`vars`) that commands see, on the runner and on hosts. The workflow hands them over as `ROLLGATE_VARS`.',
  ),
  tasks: key(
    named('a mapping of tasks by name', name, hook),
    'Commands to run by name, apart from any deployment.',
  ),
}

const words = 'a mapping that begins with `version: 1`'
const elsewhere = z.optional(z.unknown())

/** The whole file, as editors and the documentation see it. */
export const file = mapping(words, keys)

/** The part that the default branch decides. A mistake in its recipe does not concern an older release. */
export const policyFile = mapping(words, {
  ...keys,
  release: elsewhere,
  steps: elsewhere,
  services: elsewhere,
  tasks: elsewhere,
  'requires-variables': elsewhere,
  vars: elsewhere,
})

/**
 * The part that is frozen with a release, once an environment was laid over its services. The places of commands are judged
 * before: an absent service is one that the release has.
 */
export const recipeFile = mapping(words, {
  ...keys,
  app: elsewhere,
  environments: elsewhere,
  services: key(wholeServices, ''),
}).check(schedulerOnKubernetes)

/** The part that is frozen with a release, before any environment is laid over it. */
export const frozenFile = mapping(words, { ...keys, app: elsewhere, environments: elsewhere }).check(
  onKnownServices,
)

export type RecipeValue = z.output<typeof recipeFile>
