import type { Ledger } from '../ledger/ledger.ts'
import type { ProblemWords } from '../problem.ts'
import type { Release } from '../release/release.ts'
import { modes } from './modes.ts'
import type { Plan } from './plan.ts'
import type { Mode, Undertaking } from './undertaking.ts'
import { adviseWayBack } from './way-back.ts'
import type { World } from './wish.ts'

type Based = Pick<World, 'release' | 'ledger'>

export type BaseChange = NonNullable<Plan['baseChange']>

/** Returns the change of the base version; null unless `change-base` asks for it. */
export const baseChangeOf = (undertaking: Undertaking, world: Based): BaseChange | null =>
  'changeBase' in undertaking && undertaking.changeBase ? otherBase(world) : null

/** A release works on the base that it was made for only. */
export function baseRefusal(undertaking: Undertaking, world: Based & Pick<World, 'policy'>): ProblemWords[] {
  const { release, policy, ledger } = world
  const other = otherBase(world)
  if (other === null || baseChangeOf(undertaking, world) !== null) return []
  return [
    {
      code: 'base-differs',
      what: `${release.tag} was made for base version ${other.to ?? 'none'}, ${policy.name} is on ${other.from}.`,
      why: 'A release works on the base that it was made for only.',
      next: whatElse(undertaking.mode, release, ledger, other),
    },
  ]
}

function whatElse(mode: Mode, { tag }: Release, ledger: Ledger, { from }: BaseChange): string {
  const { goesForward, goesBack } = modes[mode]
  if (goesBack)
    return `${adviseWayBack(ledger)} Only a base deployment brings another base: deploy ${tag} with change-base: true.`
  const fitting = `Choose a release that was made for ${from}.`
  return goesForward ? `${fitting} To bring that base to the environment set change-base: true.` : fitting
}

export const baseWarnings = (change: BaseChange | null, environment: string): string[] =>
  change === null
    ? []
    : [
        `The base version of ${environment} changes from ${change.from} to ${change.to ?? 'none'}: from then on releases that were made for ${change.to ?? 'none'} can come here, and those for ${change.from} no more. No rollback leads back, only another base deployment.`,
      ]

function otherBase({ release, ledger }: Based): BaseChange | null {
  const from = ledger.serving?.release.baseVersion ?? null
  return from === null || release.baseVersion === from ? null : { from, to: release.baseVersion }
}
