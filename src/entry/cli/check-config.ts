import { relative, resolve } from 'node:path'
import { patternFindings } from '../../domain/check/artifact-patterns.ts'
import type { CheckoutSeen } from '../../domain/check/checkout.ts'
import { type CheckedEnvironment, environmentFindings, filesToRead } from '../../domain/check/environment.ts'
import type { CheckFinding } from '../../domain/check/finding.ts'
import { filesNotInGit } from '../../domain/check/first-deployment.ts'
import { schemaFindings } from '../../domain/check/schema-comment.ts'
import { writtenSecretFindings } from '../../domain/check/written-secrets.ts'
import { Problem } from '../../domain/problem.ts'
import { artifactPatterns } from '../../inputs/artifact-patterns.ts'
import { allFindings } from '../../inputs/config/all-findings.ts'
import type { Finding } from '../../inputs/config/finding.ts'
import { placeOfKey } from '../../inputs/config/place-of-key.ts'
import { readPolicies, readRecipe, type Source } from '../../inputs/config/read.ts'
import type { ConfigChecked, PlacedFinding } from '../../report/act/check-report.ts'
import { readIndex, readTextInside, readTexts } from '../run/wire.ts'

/**
 * Checks a config, and all that a checkout knows of it. Reads files and git's index, runs no command of the project and
 * asks no network. Throws a Problem where there is no checkout, or no config.
 */
export async function checkConfig(
  folder: string,
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<ConfigChecked> {
  const index = await readIndex(folder, env)
  if (index.kind === 'unread') throw noCheckout(folder, index.words)
  const file = resolve(folder, path)
  const source = {
    path: relative(index.root, file),
    text: textOf(index.root, file, path),
    commit: 'your working tree',
  }
  const invalid = allFindings(source)
  if (invalid.length > 0) return { path: source.path, environments: [], findings: invalid.map(ofReader) }

  const environments = readPolicies(source).map((policy) => ({
    policy,
    recipe: readRecipe(source, { source, environment: policy.name }),
  }))
  const workflows = [...index.files.tree.entries.keys()].filter((name) =>
    /^\.github\/workflows\/[^/]+\.ya?ml$/.test(name),
  )
  const wanted = environments.flatMap((one) => filesToRead(one, index.files))
  const texts = await readTexts(index.root, env, [...wanted, ...workflows])
  const notInGit = environments.flatMap(({ policy, recipe }) => filesNotInGit(policy, recipe, index.files))
  const notAdded = new Set(
    notInGit.filter((path) => readTextInside(index.root, path, longest).kind === 'found'),
  )
  const seen = { ...index.files, texts, notAdded }
  return {
    path: source.path,
    environments: environments.map(({ policy }) => policy.name),
    findings: placed(source, environments, seen),
  }
}

/** A finding that holds in several environments is told once. */
function placed(
  source: Source,
  environments: readonly CheckedEnvironment[],
  seen: CheckoutSeen,
): PlacedFinding[] {
  const patterns = [...seen.texts].flatMap(([path, { text }]) => artifactPatterns(path, text))
  const ofFiles = [
    ...schemaFindings(source.path, source.text, seen),
    ...writtenSecretFindings(source.path, source.text),
    ...patternFindings(patterns, seen),
  ]
  const ofEach = environments.flatMap((one) =>
    environmentFindings(one, seen).map((finding) => place(source, finding, one.policy.name)),
  )
  const same = Map.groupBy(ofEach, ({ path, line, column, what }) =>
    JSON.stringify([path, line, column, what]),
  )
  const once = [...same.values()].flatMap((all) => {
    const [first] = all
    return first === undefined ? [] : [{ ...first, environments: all.flatMap((one) => one.environments) }]
  })
  return [...ofFiles.map((finding) => place(source, finding, null)), ...once]
}

function place(
  source: Source,
  { place, ...finding }: CheckFinding,
  environment: string | null,
): PlacedFinding {
  const environments = environment === null ? [] : [environment]
  if (place.kind === 'line') {
    const { path, line, column } = place
    return { ...finding, path, line, column, environments }
  }
  const { line, column } = placeOfKey(source, place.key, environment ?? '')
  return { ...finding, path: source.path, line, column, environments }
}

const ofReader = ({ place, words }: Finding): PlacedFinding => ({
  weight: 'problem',
  code: 'config-invalid',
  path: place.source.path,
  line: place.line,
  column: place.column,
  environments: [],
  what: words,
  next: '',
})

/** More than a config may have. */
const longest = 1024 * 1024

function textOf(root: string, file: string, path: string): string {
  const read = readTextInside(root, file, longest)
  if (read.kind === 'found') return read.text
  throw new Problem('config-missing', {
    what: read.kind === 'absent' ? `There is no ${path} here.` : `${path} cannot be read: ${read.why}.`,
    why: 'The config is looked for in the folder in which the command runs, among the files of its checkout.',
    next: 'Run it in the root of the repository, or name the file: rollgate check path/to/rollgate.yml.',
  })
}

const noCheckout = (folder: string, words: string): Problem =>
  new Problem('checkout-unknown', {
    what: `The files of ${folder} cannot be listed: ${words}`,
    why: 'A release has the files that git knows, and no others.',
    next: 'Run the command in a git checkout of the project.',
  })
