import { duration } from '../durations.ts'
import type { ProblemWords } from '../problem.ts'
import type { Release } from '../release/release.ts'
import type { Verification } from '../release/verification.ts'
import { modes } from './modes.ts'
import type { Mode } from './undertaking.ts'
import type { Proofs, World } from './wish.ts'

type ProofAsked = Pick<World, 'release' | 'policy'> & Pick<Proofs, 'verification' | 'rehearsal'>

/** Refuses a release without the proofs that a policy asks for. */
export const proofRefusals = (mode: Mode, asked: ProofAsked): ProblemWords[] => [
  ...verificationRefusal(mode, asked),
  ...rehearsalRefusal(mode, asked),
]

/** A rollback and a redeployment go to a release that has served here, and must be quick. */
function verificationRefusal(mode: Mode, { verification, release, policy }: ProofAsked): ProblemWords[] {
  if (!modes[mode].mustBeProven) return []
  if (verification?.kind === 'soaking') return [tooShort(verification, release, policy)]
  if (verification?.kind !== 'unverified') return []
  const { where, why } = verification
  return [
    {
      code: 'not-verified',
      what: `${release.tag} is not verified in ${where}: ${why}.`,
      why: `The policy of ${policy.name} wants every release to have been deployed to ${where} before, the same commit, with success on every instance and with nothing failed afterwards${policy.verifiedFor === undefined ? '' : `, and ${where} to have kept it for ${duration(policy.verifiedFor)} since`}.`,
      next: `Deploy ${release.tag} to ${where} first; to do without give the input override-verified a reason.`,
    },
  ]
}

/** Time alone makes it good, as long as nothing ends the keeping. */
const tooShort = (
  { where, deployment, since, until }: Extract<Verification, { kind: 'soaking' }>,
  { tag }: Pick<Release, 'tag'>,
  policy: ProofAsked['policy'],
): ProblemWords => ({
  code: 'soak-too-short',
  what: `${where} has not kept ${tag} for ${duration(policy.verifiedFor ?? 0)} yet: deployment ${deployment} succeeded at ${since}.`,
  why: `The policy of ${policy.name} wants ${where} to have kept it for that long. A rollback, a forced step or instance, another release or a drift there ends it, and only a new success begins it anew.`,
  next: `Deploy ${tag} at ${until} or later, or schedule it for then. To do without give the input override-verified a reason.`,
})

/** A rollback needs no rehearsal, as it needs no proof. */
function rehearsalRefusal(mode: Mode, { rehearsal, release, policy }: ProofAsked): ProblemWords[] {
  if (!modes[mode].mustBeProven || rehearsal?.kind !== 'unrehearsed') return []
  const { where, why, to } = rehearsal
  const target = to === null ? '' : ` and release: ${to}`
  return [
    {
      code: 'not-rehearsed',
      what: `The rollback from ${release.tag} is not rehearsed in ${where}: ${why}.`,
      why: `The policy of ${policy.name} wants ${where} to have gone back from it${to === null ? '' : `, to ${to}, which serves ${policy.name} now,`} and to it again, both with success on every instance.`,
      next: `Run the rehearse workflow with environment: ${where}${target} while ${release.tag} serves there; to do without give the input override-rehearsed a reason.`,
    },
  ]
}
