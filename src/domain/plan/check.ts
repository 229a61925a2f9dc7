import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Recipe } from '../config/recipe.ts'
import { emptyLedger } from '../ledger/ledger.ts'
import type { ProblemWords } from '../problem.ts'
import { chooseSteps } from '../step/standard-order.ts'
import { type FilesSeen, missingFiles } from './files-there.ts'
import { planning } from './planning.ts'
import { plainDeploy, type Undertaking } from './undertaking.ts'
import type { World } from './wish.ts'

/** The findings about one environment of a config, from the files of a folder alone. */
export interface EnvironmentChecked {
  readonly environment: string
  /** The reasons why a first deployment would be refused. */
  readonly problems: readonly ProblemWords[]
  readonly warnings: readonly string[]
}

/**
 * Checks one environment as its first deployment would be planned, and the files of every task. Proofs of other
 * environments, releases and freezes are left to the plan itself: only GitHub knows them.
 */
export function checkEnvironment(
  policy: EnvironmentPolicy,
  recipe: Recipe,
  seen: FilesSeen,
): EnvironmentChecked {
  const world = firstDeployment(policy, recipe)
  const files = { findings: missingFiles(everyStep(world), seen) }
  const confirmations = { words: policy.name, override: null, overriddenBefore: null }
  const planned = planning({ undertaking: plainDeploy, world: { ...world, files }, confirmations })
  if (planned.kind !== 'planned') throw new Error('A first deployment always has a plan.')
  const { refusals: problems, warnings } = planned.plan
  return { environment: policy.name, problems, warnings }
}

function everyStep(world: World) {
  const undertakings: readonly Undertaking[] = [
    plainDeploy,
    ...Object.keys(world.recipe.tasks ?? {}).map((task) => ({ mode: 'task', task }) as const),
  ]
  return undertakings.flatMap((undertaking) => chooseSteps(undertaking, world).steps)
}

/** The files of the folder stand for those of the release that its next commit becomes. */
const firstDeployment = (policy: EnvironmentPolicy, recipe: Recipe): World => ({
  release: { tag: 'your next commit', sha: '0'.repeat(40), baseVersion: null, schemaVersion: null },
  snapshot: null,
  relation: 'first',
  commits: 0,
  recipe,
  policy,
  ledger: emptyLedger('', policy.name),
  timetable: { now: new Date(0).toISOString(), freezes: [], windows: [] },
  proofs: { verification: null, rehearsal: null, compatibility: null },
  configBack: null,
  files: null,
  schedule: null,
})
