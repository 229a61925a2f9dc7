import * as z from 'zod/mini'
import { hook } from './command.ts'
import { environments } from './environments.ts'
import { name, refName } from './names.ts'
import { services } from './services.ts'
import { expected, mapping, named, text } from './shapes.ts'
import { steps } from './steps.ts'
import { pathInside, wholeNumber } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'
import { wholeServices } from './whole-services.ts'

/** The version of the format that this Rollgate reads. */
export const formatVersion = 1

const release = mapping('a mapping with `base-version` or `schema`', {
  'base-version': key(
    text('text like "2026.1"'),
    'A release deploys only onto an environment of the same base version.',
  ),
  schema: key(pathInside('the path of a file'), 'The file whose content is the schema version.'),
  'large-change': byDefault(
    wholeNumber(1),
    50,
    'More commits than this since the release before are worth a warning when a release is made.',
  ),
})

const version = z
  .literal(formatVersion, { error: expected(`the number ${formatVersion}`) })
  .register(vocabulary, { words: `the number ${formatVersion}` })

const keys = {
  version: required(version, 'The version of this format.'),
  app: key(
    refName,
    "The name of what is deployed; the repository's name when left out. A monorepo has several.",
  ),
  release: key(release, 'What a release says of itself.'),
  environments: key(
    environments,
    'Where releases go. Read from the default branch, so that no release weakens its own gate.',
  ),
  steps: key(steps, 'The steps around the rollout; one that is absent is not in the plan.'),
  services: key(services, 'What is rolled, in this order.'),
  tasks: key(
    named('a mapping of tasks by name', name, hook),
    'Commands that are run by their names alone, apart from any deployment.',
  ),
}

const words = 'a mapping that begins with `version: 1`'
const elsewhere = z.optional(z.unknown())

/** The whole file, as editors and the documentation see it. */
export const file = mapping(words, keys)

/** The part that the default branch decides. A mistake in a recipe there is none of an older release's. */
export const policyFile = mapping(words, {
  ...keys,
  release: elsewhere,
  steps: elsewhere,
  services: elsewhere,
  tasks: elsewhere,
})

/** The part that is frozen with a release, once an environment was laid over its services. */
export const recipeFile = mapping(words, {
  ...keys,
  app: elsewhere,
  environments: elsewhere,
  services: key(wholeServices, ''),
})

/** The part that is frozen with a release, before any environment is laid over it. */
export const frozenFile = mapping(words, { ...keys, app: elsewhere, environments: elsewhere })

export type RecipeValue = z.output<typeof recipeFile>
