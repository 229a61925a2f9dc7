import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { proofRefusals } from '../../domain/plan/proof-refusals.ts'
import type { Mode, WithoutProof } from '../../domain/plan/undertaking.ts'
import type { Proofs, World } from '../../domain/plan/wish.ts'
import { Problem } from '../../domain/problem.ts'
import { type Compatibility, compatibilityThere } from '../../domain/release/compatibility.ts'
import { type Rehearsal, rehearsalOf } from '../../domain/release/rehearsal.ts'
import { type Release, sameCommit } from '../../domain/release/release.ts'
import { keptVerificationOf } from '../../domain/release/soak.ts'
import type { Verification } from '../../domain/release/verification.ts'
import type { SectionName } from '../../domain/shown/sections.ts'
import { type ShownPlan, wasShown } from '../../domain/shown/shown-plan.ts'
import type { Ports } from '../ports.ts'

/** The other ledgers, and the time of the look. */
type ProofPorts = Pick<Ports, 'ledgers' | 'clock'>

/**
 * Reads the proofs anew each time: a proof from another environment may have failed since. A repeated proof
 * or rehearsal does not change the approved release.
 */
export async function proofsOf(
  { ledgers, clock }: ProofPorts,
  policy: Pick<EnvironmentPolicy, 'verifiedIn' | 'verifiedFor' | 'rehearsedIn'>,
  mode: Mode,
  { release, ledger }: Pick<World, 'release' | 'ledger'>,
  overrides: WithoutProof,
  shown: ShownPlan | null,
): Promise<Proofs> {
  if (!modes[mode].mustBeProven) return { verification: null, rehearsal: null, compatibility: null }
  const { verifiedIn } = policy
  const rehearsedIn = policy.rehearsedIn ?? null
  const read = async (where: string) => (await ledgers.read(ledger.app, where)).ledger
  const proving = verifiedIn === null ? null : await read(verifiedIn)
  const rehearsing =
    rehearsedIn === verifiedIn ? proving : rehearsedIn === null ? null : await read(rehearsedIn)
  const serving = ledger.serving?.release
  const { verifiedFor: lasts } = policy
  const soak = lasts === undefined ? null : { lasts, now: clock.now().toISOString() }
  return {
    verification:
      proving === null
        ? null
        : asBefore(
            proving,
            shown,
            'verification',
            (there) => keptVerificationOf(there, release, overrides.verified, soak),
            sameProof,
          ),
    rehearsal:
      // Without a serving release there is no rollback to rehearse.
      rehearsing === null || serving === undefined
        ? null
        : asBefore(
            rehearsing,
            shown,
            'rehearsal',
            (there) => rehearsalOf(there, release, serving, overrides.rehearsed),
            sameWay,
          ),
    compatibility:
      proving === null || serving === undefined ? null : checksThere(proving, serving, release, shown),
  }
}

/**
 * Returns the checks in another environment. A later repetition with the same result is not news for the
 * approver.
 */
function checksThere(
  proving: Ledger,
  serving: Release,
  release: Release,
  shown: ShownPlan | null,
): Compatibility | null {
  return asBefore<Compatibility | null>(
    proving,
    shown,
    'checks',
    (there) => compatibilityThere(there, serving, release),
    (one, other) => one?.kind === other?.kind && one?.where === other?.where,
  )
}

/**
 * Returns the present reading; or the reading that was shown, if both agree. It is found in the history by its digest: an
 * input only claims a proof.
 */
function asBefore<T>(
  there: Ledger,
  shown: ShownPlan | null,
  section: SectionName,
  read: (there: Ledger) => T,
  same: (before: T, now: T) => boolean,
): T {
  const now = read(there)
  if (shown === null || wasShown(shown, section, now)) return now
  const { history } = there
  const earlier = history.map((_, newest) => read({ ...there, history: history.slice(newest) }))
  return earlier.find((one) => wasShown(shown, section, one) && same(one, now)) ?? now
}

const sameProof = (before: Verification, now: Verification): boolean =>
  before.kind === 'verified' && now.kind === 'verified' && before.where === now.where

const sameWay = (before: Rehearsal, now: Rehearsal): boolean =>
  before.kind === 'rehearsed' &&
  now.kind === 'rehearsed' &&
  before.where === now.where &&
  sameCommit(before.to, now.to)

/**
 * Throws if a proof of the plan no longer holds at the time of the approval. An override of the proof is part
 * of the approved plan.
 */
export async function refuseUnproven(
  ports: ProofPorts,
  policy: EnvironmentPolicy,
  ledger: Ledger,
  { mode, release, verification, rehearsal }: Plan,
): Promise<void> {
  if (!modes[mode].mustBeProven) return
  const overrides = {
    verified: verification?.kind === 'overridden' ? verification : null,
    rehearsed: rehearsal?.kind === 'overridden' ? rehearsal : null,
  }
  const now = await proofsOf(ports, policy, mode, { release, ledger }, overrides, null)
  const [refusal] = proofRefusals(mode, { ...now, release, policy })
  if (refusal === undefined) return
  const { code, next, ...words } = refusal
  throw new Problem(code, { ...words, next: `${next} The question still waits.` })
}
