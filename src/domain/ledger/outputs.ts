import type { VariableSources } from '../config/commands/variable-sources.ts'
import type { Journal } from '../journal/journal.ts'
import type { Plan } from '../plan/plan.ts'
import { type Release, sameCommit } from '../release/release.ts'
import type { Past } from './past.ts'

type Outputs = Readonly<Record<string, string>>

/** The parts of a ledger that remember outputs. */
interface OutputsKept {
  readonly deployment: { readonly journal: Journal } | null
  readonly serving: { readonly release: Release; readonly outputs: Outputs } | null
  readonly history: readonly Past[]
}

/** Returns the outputs that a deployment has frozen for a release; null if it has frozen none. */
export function frozenOutputs(journal: Journal, release: Pick<Release, 'sha'>): Outputs | null {
  // Asked for each command of a roll: a list of its own for each answer took most of the time of 1,000 instances.
  for (const event of journal)
    if (event.kind === 'outputs-frozen' && sameCommit(event, release)) return event.outputs
  return null
}

/**
 * Returns the outputs of a release's build, from the first source that has them: its manifest, the deployment under way,
 * and the deployment that last brought it here. Null where none has.
 */
export function outputsOf(
  { deployment, serving, history }: OutputsKept,
  release: Pick<Release, 'sha' | 'outputs'>,
): Outputs | null {
  const kept = serving !== null && sameCommit(serving.release, release) ? serving.outputs : {}
  return (
    release.outputs ??
    frozenOutputs(deployment?.journal ?? [], release) ??
    [kept, ...history.filter((past) => sameCommit(past.release, release)).map(({ outputs }) => outputs)].find(
      (outputs) => Object.keys(outputs).length > 0,
    ) ??
    null
  )
}

/** Returns the sources of variables for commands that bring, or serve, a release in a deployment. */
export const sourcesFor = (
  ledger: OutputsKept,
  { vars, environment }: Pick<Plan, 'vars' | 'environment'>,
  release: Pick<Release, 'sha' | 'outputs'>,
): VariableSources => ({ vars, env: environment.env, outputs: outputsOf(ledger, release) ?? {} })
