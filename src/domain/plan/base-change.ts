import type { ProblemWords } from '../problem.ts'
import type { Mode } from '../release/release.ts'
import type { Plan } from './plan.ts'
import { adviseWayBack } from './way-back.ts'
import type { Wish } from './wish.ts'

export type BaseChange = NonNullable<Plan['baseChange']>

/** A base deployment brings another base version; it is one only for whoever asks for that. */
export function baseChangeOf(
  mode: Mode,
  wish: Pick<Wish, 'release' | 'ledger' | 'changeBase'>,
): BaseChange | null {
  return mode === 'deploy' && wish.changeBase === true ? otherBase(wish) : null
}

/** A release works on the base that it was made for only. */
export function baseRefusal(mode: Mode, wish: Wish): ProblemWords[] {
  const { release, policy, ledger } = wish
  const other = otherBase(wish)
  if (other === null || baseChangeOf(mode, wish) !== null) return []
  const fitting = `Choose a release that was made for ${other.from}.`
  const next: Partial<Record<Mode, string>> = {
    deploy: `${fitting} To bring that base to the environment set change-base: true.`,
    rollback: `${adviseWayBack(ledger)} Only a base deployment brings another base: deploy ${release.tag} with change-base: true.`,
  }
  return [
    {
      code: 'base-differs',
      what: `${release.tag} was made for base version ${other.to ?? 'none'}, ${policy.name} is on ${other.from}.`,
      why: 'A release works on the base that it was made for only.',
      next: next[mode] ?? fitting,
    },
  ]
}

export const baseWarnings = (change: BaseChange | null, environment: string): string[] =>
  change === null
    ? []
    : [
        `The base version of ${environment} changes from ${change.from} to ${change.to ?? 'none'}: from then on releases that were made for ${change.to ?? 'none'} can come here, and those for ${change.from} no more. No rollback leads back, only another base deployment.`,
      ]

function otherBase({ release, ledger }: Pick<Wish, 'release' | 'ledger'>): BaseChange | null {
  const from = ledger.serving?.release.baseVersion ?? null
  return from === null || release.baseVersion === from ? null : { from, to: release.baseVersion }
}
