import { rolloutLimits } from './batches.ts'
import { type Block, blockOf } from './blocking.ts'
import { resolveCount, type Service } from './config.ts'
import { describeFeasibility, feasibility } from './feasibility.ts'
import { holdOn } from './freeze.ts'
import { frozen } from './freeze-words.ts'
import type { ProblemWords } from './problem.ts'
import { proofRefusals } from './proof-refusals.ts'
import type { Mode, Release } from './release.ts'
import type { Wish } from './wish.ts'

/** Why a plan may not be executed; each is a problem in words. */
export function refusals(mode: Mode, wish: Wish): ProblemWords[] {
  return [
    ...blockRefusal(mode, wish),
    ...proofRefusals(mode, wish),
    ...olderRefusal(mode, wish),
    ...baseRefusal(wish),
    ...wayBackRefusal(mode, wish),
    ...snapshotRefusals(mode, wish),
    ...serviceRefusals(wish.recipe.services),
    ...freezeRefusal(mode, wish),
  ]
}

/** What serves already may be brought to every instance again, blocked or not. */
function blockRefusal(mode: Mode, { release, ledger, policy }: Wish): ProblemWords[] {
  const block = mode === 'redeploy' ? null : blockOf(ledger, release)
  return block === null ? [] : [blockedWords(release, block, policy.name)]
}

/** A release that is blocked, for whoever wants it: who did it, when and why, and how it is taken back. */
export const blockedWords = (
  { tag }: Pick<Release, 'tag'>,
  block: Block,
  environment: string,
): ProblemWords => ({
  code: 'release-blocked',
  what: `${tag} is blocked in ${environment}: ${block.reason}`,
  why: `${block.by} blocked ${block.tag} (${block.sha.slice(0, 7)}) at ${block.at}.`,
  next: `Choose another release; or, when the reason is gone, run block with release: ${block.tag}, environment: ${environment}, unblock: true and a reason.`,
})

/** Why services may not be rolled as they are. Of one whose hosts an inventory prints nobody can tell yet. */
export function serviceRefusals(services: readonly Service[]): ProblemWords[] {
  const known = services.filter(
    ({ fleet }) => fleet.kind !== 'ssh' || fleet.inventory === null || fleet.instances.length > 0,
  )
  return [...known.flatMap(capacityRefusals), ...known.flatMap(testBedRefusals)]
}

function olderRefusal(mode: Mode, { relation, policy, acknowledged, release, ledger }: Wish): ProblemWords[] {
  if (mode !== 'deploy' || relation !== 'behind') return []
  if (policy.class === 'sandbox' || acknowledged.older) return []
  return [
    {
      code: 'release-older',
      what: `${release.tag} is older than ${ledger.serving?.release.tag ?? 'what serves'}, which serves ${policy.name}.`,
      why: 'An older release on newer data can conflict with it and cause downtime; a run that was started long ago, or run again, asks for this by accident.',
      next: `To go back on purpose use rollback; to deploy it all the same set acknowledge-older: true.`,
    },
  ]
}

function baseRefusal({ release, ledger, policy }: Wish): ProblemWords[] {
  const current = ledger.serving?.release.baseVersion ?? null
  if (current === null || release.baseVersion === current) return []
  return [
    {
      code: 'base-differs',
      what: `${release.tag} was made for base version ${release.baseVersion ?? 'none'}, ${policy.name} is on ${current}.`,
      why: 'A release works on the base that it was made for only.',
      next: `Choose a release that was made for ${current}.`,
    },
  ]
}

function wayBackRefusal(mode: Mode, { release, ledger, acknowledged, policy }: Wish): ProblemWords[] {
  const current = ledger.serving?.release
  if (mode !== 'rollback' || current === undefined) return []
  const verdict = feasibility(release, current, ledger.history)
  if (verdict.kind !== 'crosses-contract' || acknowledged.dataLoss) return []
  return [
    {
      code: 'rollback-unsafe',
      what: `Going back from ${current.tag} to ${release.tag} in ${policy.name} ${describeFeasibility(verdict)}.`,
      why: 'The older release cannot work on a database after a contract migration.',
      next: 'Deploy a fixed release forward; or restore the database first and set acknowledge-data-loss: true.',
    },
  ]
}

function freezeRefusal(mode: Mode, { policy, timetable, override }: Wish): ProblemWords[] {
  const hold = holdOn(mode, timetable)
  if (hold === null || override?.may) return []
  const { name: environment, freezeOverride: mayOverride } = policy
  return [frozen(hold, { mode, environment, timetable, mayOverride, override })]
}

function snapshotRefusals(mode: Mode, { snapshot, policy, release }: Wish): ProblemWords[] {
  if (snapshot === undefined || mode === 'rollback') return []
  const found: ProblemWords[] = []
  if (policy.manifest === true && snapshot.kind !== 'verified')
    found.push({
      code: 'manifest-missing',
      what: `${release.tag} has no manifest, and ${policy.name} takes none without.`,
      why:
        snapshot.kind === 'tag-alone'
          ? 'It is a tag alone: nobody made a GitHub Release of it with the release workflow.'
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

function capacityRefusals({ name, fleet, rollout }: Service): ProblemWords[] {
  const total = fleet.instances.length
  const { floor } = rolloutLimits(rollout, total)
  if (total === 1 && !rollout.acceptDowntime)
    return [
      {
        code: 'single-instance',
        what: `${name} has one instance, ${fleet.instances[0]?.name ?? ''}: it is down while it is changed.`,
        why: 'With one instance there is nothing left to serve requests.',
        next: `Add an instance, or accept it with services.${name}.rollout.accept-downtime: true.`,
      },
    ]
  if (floor < total || total === 1) return []
  return [
    {
      code: 'capacity-floor',
      what: `${name} has ${total} instances, and min-available wants ${floor} of them up: none may be changed.`,
      why: 'Changing an instance takes it out of traffic.',
      next: `Set services.${name}.rollout.min-available below ${total}, or add instances.`,
    },
  ]
}

/** A test bed must be there, and must leave others that it can be held against. */
function testBedRefusals({ name, testBed, fleet }: Service): ProblemWords[] {
  if (testBed === null) return []
  const known = fleet.instances.map((instance) => instance.name)
  const { instances } = testBed
  const key = `services.${name}.test-bed.instances`
  const strangers = instances.kind === 'named' ? instances.names.filter((one) => !known.includes(one)) : []
  if (strangers.length > 0)
    return [
      {
        code: 'config-invalid',
        what: `${key} names ${strangers.join(', ')}, which ${name} does not have.`,
        why: 'A test bed is some of the instances of its service.',
        next: `Name any of ${known.join(', ')}, or a number of them.`,
      },
    ]
  const size =
    instances.kind === 'named' ? new Set(instances.names).size : resolveCount(instances.count, known.length)
  if (size < known.length) return []
  return [
    {
      code: 'config-invalid',
      what: `${key} takes every instance of ${name}: none is left that it could be tried out for.`,
      why: 'A test bed is changed alone, while the others go on serving the release before.',
      next: `Set ${key} below ${known.length}, or remove services.${name}.test-bed.`,
    },
  ]
}
