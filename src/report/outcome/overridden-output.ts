import type { Past } from '../../domain/ledger/past.ts'
import { overriddenBy } from '../../domain/ledger/past-of.ts'
import { compatibilityIn, instanceCheckIn } from '../../domain/release/compatibility.ts'
import type { CompatibilityCheck } from '../../domain/release/compatibility-check.ts'
import { type Override, overrideIn } from '../../domain/release/override.ts'
import type { Overridden } from '../../domain/schedule/freeze-words.ts'
import type { View } from './view.ts'

/** An overridden rule, as the outputs show it. */
export interface OverriddenResult {
  readonly rule: 'freeze' | Rule
  /** The freezes and windows by their names; none for the others. */
  readonly names: readonly string[]
  readonly by: string
  readonly reason: string
}

/** The proofs that a policy asks for, its signals, and the step whose failure was overridden. */
type Rule = 'verified-in' | 'rehearsed-in' | 'check-compatibility' | 'halt'

/** Returns the overridden rules of a deployment with its journal. */
export function overriddenOf(view: Pick<View, 'plan' | 'journal'>): OverriddenResult[] {
  const { verification, rehearsal } = view.plan
  return results(
    overriddenBy(view),
    overrideIn(verification),
    overrideIn(rehearsal),
    [compatibilityIn(view.plan, view.journal), instanceCheckIn(view.journal)],
    view.plan.overriddenHalt,
  )
}

/** Returns the overridden rules of an ended deployment. */
export const overriddenThen = ({
  overridden,
  override,
  overrideRehearsed,
  compatibility,
  instanceCheck,
  overrideHalt,
}: Past): OverriddenResult[] =>
  results(overridden, override, overrideRehearsed, [compatibility, instanceCheck], overrideHalt)

const results = (
  freezes: readonly Overridden[],
  verified: Override | null,
  rehearsed: Override | null,
  checks: readonly (CompatibilityCheck | null)[],
  halt: Override | null,
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
  ...checks.flatMap((check) => withoutProof('check-compatibility', check?.forced ?? null)),
  ...withoutProof('halt', halt),
]

const withoutProof = (rule: Rule, override: Override | null): OverriddenResult[] =>
  override === null ? [] : [{ rule, names: [], by: override.by, reason: override.reason }]
