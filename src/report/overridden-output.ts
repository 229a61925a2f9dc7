import type { Overridden } from '../domain/freeze-words.ts'
import { overriddenBy, type Past } from '../domain/ledger.ts'
import type { Override } from '../domain/verification.ts'
import type { View } from './view.ts'

/** A rule that somebody went through all the same, as the outputs say it. */
export interface OverriddenResult {
  readonly rule: 'freeze' | 'verified-in' | 'rehearsed-in'
  /** The freezes and windows by their names; none for the others. */
  readonly names: readonly string[]
  readonly by: string
  readonly reason: string
}

/** Of a deployment with its journal. */
export function overriddenOf(view: Pick<View, 'plan' | 'journal'>): OverriddenResult[] {
  const { verification, rehearsal } = view.plan
  return results(
    overriddenBy(view),
    verification?.kind === 'overridden' ? verification : undefined,
    rehearsal?.kind === 'overridden' ? rehearsal : undefined,
  )
}

/** Of one that has ended. */
export const overriddenThen = ({ overridden = [], override, overrideRehearsed }: Past): OverriddenResult[] =>
  results(overridden, override, overrideRehearsed)

const results = (
  freezes: readonly Overridden[],
  verified: Override | undefined,
  rehearsed: Override | undefined,
): OverriddenResult[] => [
  ...freezes.map(
    ({ freezes: held, windows, by, reason }): OverriddenResult => ({
      rule: 'freeze',
      names: [...held, ...windows],
      by,
      reason,
    }),
  ),
  ...withoutProof('verified-in', verified),
  ...withoutProof('rehearsed-in', rehearsed),
]

const withoutProof = (
  rule: 'verified-in' | 'rehearsed-in',
  override: Override | undefined,
): OverriddenResult[] =>
  override === undefined ? [] : [{ rule, names: [], by: override.by, reason: override.reason }]
