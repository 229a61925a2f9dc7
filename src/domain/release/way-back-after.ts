import type { Outcome } from '../journal/outcome.ts'
import { lineage } from '../ledger/history.ts'
import { openAfter } from '../plan/migrating.ts'
import { modes } from '../plan/modes.ts'
import type { Plan } from '../plan/plan.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { keepsApart } from '../rolling/keeps-apart.ts'
import type { Step } from '../step/step.ts'
import { contracts, migrateStep } from '../step/steps-in.ts'
import { describeCompatibility } from './compatibility.ts'
import { type Feasibility, feasibility, schemaAfter, withWord } from './feasibility.ts'
import type { Release } from './release.ts'
import { sameCommit } from './release.ts'

/** Returns the target of a later rollback once this release serves, and the verdict on it. */
export function wayBack(mode: Mode, steps: readonly Step[], world: World): Plan['wayBack'] {
  const target = targetBack(mode, world)
  if (target === undefined) return null
  return { release: target, feasibility: verdictAfter(mode, target, steps, world) }
}

/** After its migration the serving release may no longer work, so the plan must not promise a rollback to it. */
export function wayBackWarnings(mode: Mode, back: Plan['wayBack']): string[] {
  if (!modes[mode].goesForward || back?.feasibility.kind !== 'incompatible') return []
  const words = describeCompatibility(back.feasibility.checks)
  return [`Once this has migrated there is no safe rollback to ${back.release.tag}: ${words}.`]
}

/** Modes that do not change the release (restart, task, …) have no way back. */
export function targetBack(
  mode: Mode,
  { release, ledger }: Pick<World, 'release' | 'ledger'>,
): Release | undefined {
  const { bringsRelease, goesForward } = modes[mode]
  if (!bringsRelease) return undefined
  return goesForward ? ledger.serving?.release : nextFurtherBack(mode, release, ledger)
}

function nextFurtherBack(mode: Mode, release: Release, { history }: World['ledger']): Release | undefined {
  const outcome: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }
  return lineage([{ mode, release, outcome }, ...history])[1]
}

function verdictAfter(
  mode: Mode,
  target: Release,
  steps: readonly Step[],
  { release, recipe, ledger, configBack, proofs }: World,
): Feasibility {
  const crosses = contracts(steps)
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === release.schemaVersion
  if (crosses && !sameSchema) return { kind: 'crosses-contract', since: 'this deployment', deployments: [] }
  const elsewhere = sameCommit(target, ledger.serving?.release) ? proofs.compatibility : null
  const verdict = openAfter(
    steps,
    migrateStep(steps) === null
      ? feasibility(target, release, ledger, configBack, elsewhere)
      : feasibility(target, release, ledger, configBack, elsewhere, schemaAfter(release)),
  )
  return modes[mode].goesForward ? withWord(verdict, keepsApart(mode, { release, recipe, ledger })) : verdict
}
