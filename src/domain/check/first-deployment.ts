import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Recipe } from '../config/recipe.ts'
import { emptyLedger } from '../ledger/ledger.ts'
import { type FileFinding, type FilesSeen, missingFiles } from '../plan/files-there.ts'
import { planning } from '../plan/planning.ts'
import { plainDeploy, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { chooseSteps } from '../step/standard-order.ts'
import type { Step } from '../step/step.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, found } from './finding.ts'

/**
 * Returns the refusals and warnings of an environment's first deployment, and the missing files of every task. Proofs
 * of other environments, releases and freezes are left to the plan itself: only GitHub knows them.
 */
export function firstDeploymentFindings(
  policy: EnvironmentPolicy,
  recipe: Recipe,
  seen: FilesSeen & Pick<CheckoutSeen, 'notAdded'>,
): CheckFinding[] {
  const world = firstDeployment(policy, recipe)
  const isThere = ({ path, certain }: FileFinding): boolean => certain && seen.notAdded.has(path)
  const missing = missingFiles(everyStep(policy, recipe), seen)
  const [there, findings] = [missing.filter(isThere), missing.filter((one) => !isThere(one))]
  const files = { findings }
  const confirmations = { words: policy.name, override: null, overriddenBefore: null }
  const planned = planning({ undertaking: plainDeploy, world: { ...world, files }, confirmations })
  if (planned.kind !== 'planned') throw new Error('A first deployment always has a plan.')
  const { refusals, warnings } = planned.plan
  return [
    ...there.map(notAdded),
    ...refusals.map((words) => refused(policy, words)),
    ...warnings.map((words) => warned(policy, words)),
  ]
}

/** Returns the files that a command would run, and that git does not have. */
export const filesNotInGit = (policy: EnvironmentPolicy, recipe: Recipe, seen: FilesSeen): string[] =>
  missingFiles(everyStep(policy, recipe), seen).flatMap(({ kind, path }) => (kind === 'no-file' ? path : []))

/** Returns the steps of a first deployment, and of every task. */
export function everyStep(policy: EnvironmentPolicy, recipe: Recipe): Step[] {
  const world = firstDeployment(policy, recipe)
  const undertakings: readonly Undertaking[] = [
    plainDeploy,
    ...Object.keys(recipe.tasks ?? {}).map((task) => ({ mode: 'task', task }) as const),
  ]
  return undertakings.flatMap((undertaking) => chooseSteps(undertaking, world).steps)
}

/** The file is written, as after `rollgate init`, and one command is left. */
const notAdded = ({ key, path }: FileFinding): CheckFinding =>
  found('problem', key, {
    what: `${key} runs ${path}, which is in your working tree, and git does not know it.`,
    next: `Run git add ${path}, and commit it with the config.`,
  })

const refused = ({ name }: EnvironmentPolicy, { code, what, next }: ProblemWords): CheckFinding => ({
  weight: 'problem',
  place: { kind: 'key', key: keyIn(`${what} ${next}`) ?? `environments.${name}` },
  code,
  what,
  next,
})

/** A warning of a plan has the action in its own words. */
const warned = ({ name }: EnvironmentPolicy, what: string): CheckFinding => ({
  weight: 'warning',
  place: { kind: 'key', key: keyIn(what) ?? serviceIn(what) ?? `environments.${name}` },
  code: null,
  what,
  next: '',
})

/** The first key of the config that a text names. */
const keyIn = (words: string): string | null =>
  /\b(?:steps|services|tasks|environments|release|requires)\.[\w-]+(?:\.[\w-]+)*/.exec(words)?.[0] ?? null

/** A warning about a service begins with its name. */
const serviceIn = (words: string): string | null => {
  const [, name] = /^([\w-]+) (?:has|leaves|is not stopped|shares) /.exec(words) ?? []
  return name === undefined ? null : `services.${name}`
}

/** The files of the folder stand for those of the release that its next commit becomes. */
const firstDeployment = (policy: EnvironmentPolicy, recipe: Recipe): World => ({
  release: {
    tag: 'your next commit',
    sha: '0'.repeat(40),
    baseVersion: null,
    schemaVersion: null,
    // Only GitHub knows if its release will have a manifest.
    manifest: '0'.repeat(64),
  },
  snapshot: null,
  relation: 'first',
  commits: 0,
  signals: { kind: 'quiet' },
  recipe,
  policy,
  ledger: emptyLedger('', policy.name),
  timetable: { now: new Date(0).toISOString(), freezes: [], windows: [] },
  proofs: { verification: null, rehearsal: null, compatibility: null },
  configBack: null,
  manifests: [],
  files: null,
  schedule: null,
})
