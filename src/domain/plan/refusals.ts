import { restoreRefusals } from '../backup/restore-refusals.ts'
import { frontDoorRefusals as frontDoorOf } from '../bake/front-door.ts'
import { onEngines, onFleets } from '../config/declared-service.ts'
import { addressRefusals } from '../config/filled-addresses.ts'
import type { EnvironmentPolicy } from '../config/policy.ts'
import { detourOf } from '../detour/asked.ts'
import { detourRefusals } from '../detour/refusals.ts'
import { digestRefusals } from '../engine/digest-refusals.ts'
import { type Block, blockOf, type CommitCause, causeInWords } from '../ledger/blocking.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ProblemWords } from '../problem.ts'
import { pullRefusals } from '../pull/refusals.ts'
import { mayBeOlder, type Release } from '../release/release.ts'
import { chosenBedRefusals, withChosenBed } from '../rolling/chosen-test-bed.ts'
import { togetherRefusals } from '../rolling/together.ts'
import { freezingOf } from '../schedule/freeze.ts'
import { frozen } from '../schedule/freeze-words.ts'
import { rolledServices } from '../step/rolls.ts'
import { absentRefusals } from './absent-refusals.ts'
import { baseRefusal } from './base-change.ts'
import { guardRefusals } from './guard.ts'
import { haltRefusal } from './halt-refusal.ts'
import { migrationRefusals } from './migrating.ts'
import { modes } from './modes.ts'
import type { Plan } from './plan.ts'
import { proofRefusals } from './proof-refusals.ts'
import { serviceRefusals, strangerRefusals } from './service-refusals.ts'
import { acknowledgesOlder, type Mode, type Undertaking } from './undertaking.ts'
import { adviseWayBack, wayBackRefusal } from './way-back.ts'
import type { Confirmations, Wish, World } from './wish.ts'

/** Returns the reasons why a plan may not be executed; each is a problem in words. */
export function refusals({ undertaking, world, confirmations }: Wish): ProblemWords[] {
  const { mode } = undertaking
  const detour = detourOf(undertaking, world)
  const changed = rolledServices(undertaking, world.recipe)
  const rolled = onFleets(changed).map((service) => withChosenBed(service, undertaking))
  return [
    ...blockRefusal(mode, world),
    ...proofRefusals(mode, { ...world, ...world.proofs }),
    ...olderRefusal(undertaking, world),
    ...baseRefusal(undertaking, world),
    ...wayBackRefusal(undertaking, world),
    ...migrationRefusals(undertaking, world),
    ...restoreRefusals(undertaking, world),
    ...detourRefusals(undertaking, world),
    ...togetherRefusals(undertaking, world),
    ...snapshotRefusals(mode, world),
    ...absentRefusals(undertaking, world),
    ...strangerRefusals(undertaking, world),
    ...chosenBedRefusals(undertaking, world),
    // Visitors are elsewhere while home changes.
    ...(detour === null ? serviceRefusals(rolled) : []),
    ...addressRefusals([...rolled, ...onFleets(detour?.services ?? [])]),
    ...digestRefusals(onEngines(changed)),
    ...pullRefusals(mode, rolled, world),
    ...frontDoorRefusals(mode, world),
    ...freezeRefusal(mode, world, confirmations),
    ...haltRefusal(undertaking, world.policy.name, world.signals),
  ]
}

/**
 * Returns the reasons why a stored plan that has not begun may not begin now: the present policy, and blocks
 * made since. Acknowledgements, confirmations and overrides of the plan were approved with it.
 */
export const refusalsToday = (
  { mode, release, steps, snapshot, guard }: Plan,
  policy: EnvironmentPolicy,
  ledger: Ledger,
): ProblemWords[] => [
  ...blockRefusal(mode, { release, ledger, policy }),
  ...snapshotRefusals(mode, { release, policy, snapshot }),
  ...guardRefusals(steps, guard, policy),
]

/** The serving release may be brought to every instance again, blocked or not. */
function blockRefusal(
  mode: Mode,
  { release, ledger, policy }: Pick<World, 'release' | 'ledger' | 'policy'>,
): ProblemWords[] {
  const block = modes[mode].findsServing ? null : blockOf(ledger, release)
  if (block === null) return []
  const { next, ...words } = blockedWords(release, block, policy.name)
  return [{ ...words, next: modes[mode].goesBack ? `${adviseWayBack(ledger)} ${next}` : next }]
}

/** Describes the block of a release: the person, the time, the reason, and the way to remove it. */
export const blockedWords = (
  { tag }: Pick<Release, 'tag'>,
  block: Block,
  environment: string,
): ProblemWords =>
  block.commit === undefined
    ? {
        code: 'release-blocked',
        what: `${tag} is blocked in ${environment}: ${block.reason}`,
        why: `${block.by} blocked ${block.tag} (${block.sha.slice(0, 7)}) at ${block.at}.`,
        next: `Choose another release; or, when the reason is gone, run block with release: ${block.tag}, environment: ${environment}, unblock: true and a reason.`,
      }
    : blockedByCommit(tag, block, block.commit, environment)

function blockedByCommit(
  tag: string,
  { by, at, reason }: Block,
  cause: CommitCause,
  environment: string,
): ProblemWords {
  const { commit, fixedBy, verdict } = cause
  const fix = fixedBy === null ? 'Nothing fixes it yet' : `The fix is ${fixedBy.slice(0, 7)}`
  const unclear =
    'The repository does not have one of the commits any more, or GitHub could not compare them.'
  return {
    code: 'release-blocked',
    what: `${tag} is blocked in ${environment}, because ${causeInWords(cause)}: ${reason}`,
    why: `${by} blocked commit ${commit.slice(0, 7)} at ${at}. ${verdict === 'unknown' ? unclear : `${fix}.`}`,
    next: `Choose a release ${fixedBy === null ? 'without that commit' : 'that has the fix'}; or, when the reason is gone, run block with commit: ${commit}, environment: ${environment}, unblock: true and a reason.`,
  }
}

function olderRefusal(
  undertaking: Undertaking,
  { relation, policy, release, ledger }: World,
): ProblemWords[] {
  if (!modes[undertaking.mode].goesForward || !mayBeOlder(relation)) return []
  if (policy.class === 'sandbox' || acknowledgesOlder(undertaking)) return []
  const serving = ledger.serving?.release
  const older = serving?.tag ?? 'what serves'
  return [
    {
      code: 'release-older',
      what:
        relation === 'unknown'
          ? `${release.tag} cannot be compared with ${older}, which serves ${policy.name}: the repository does not have its commit ${serving?.sha} any more. It may be older.`
          : `${release.tag} is older than ${older}, which serves ${policy.name}.`,
      why: 'An older release on newer data can conflict with it and cause downtime; a run that was started long ago, or run again, asks for this by accident.',
      next: `To go back on purpose use rollback; to deploy it anyway set acknowledge-older: true.`,
    },
  ]
}

/** The front door is asked where a release is brought. */
const frontDoorRefusals = (mode: Mode, { recipe, policy }: World): ProblemWords[] =>
  modes[mode].bringsRelease ? frontDoorOf(recipe.steps, policy) : []

function freezeRefusal(
  mode: Mode,
  { policy, timetable }: World,
  { override }: Confirmations,
): ProblemWords[] {
  const freezing = freezingOf(mode, timetable)
  if (freezing === null || override?.may) return []
  const { name: environment, freezeOverride: mayOverride } = policy
  return [frozen(freezing, { mode, environment, timetable, mayOverride, override })]
}

function snapshotRefusals(
  mode: Mode,
  { snapshot, policy, release }: Pick<World, 'snapshot' | 'policy' | 'release'>,
): ProblemWords[] {
  if (snapshot === null || !modes[mode].mustBeMadeWell) return []
  const found: ProblemWords[] = []
  if (policy.manifest === true && snapshot.kind !== 'verified')
    found.push({
      code: 'manifest-missing',
      what: `${release.tag} has no manifest, and ${policy.name} takes none without.`,
      why:
        snapshot.kind === 'tag-alone'
          ? 'It is a tag alone, without a GitHub Release by the release workflow.'
          : 'Its GitHub Release was made by hand, without rollgate-manifest.json.',
      next: 'Make a release with the release workflow, under a new tag, and deploy that.',
    })
  const final = policy.final ?? policy.class === 'production'
  if (final && snapshot.kind !== 'tag-alone' && snapshot.prerelease)
    found.push({
      code: 'release-not-final',
      what: `${release.tag} is a prerelease, and ${policy.name} takes final releases only.`,
      why: 'A candidate is for trying out; what was tried out becomes final with the same commit and the same artifacts.',
      next: `Make it final with the release workflow: from: ${release.tag} and a new tag. To take prereleases here set environments.${policy.name}.requires.final: false.`,
    })
  return found
}
