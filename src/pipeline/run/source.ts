import { needsCheckout } from '../../domain/plan/checkout-need.ts'
import { Problem } from '../../domain/problem.ts'
import { ruleOf } from '../../domain/question/gate.ts'
import { known, type Reading } from '../../domain/reading.ts'
import type { Release, ReleaseId } from '../../domain/release/release.ts'
import { tagAgain } from '../../domain/release/tag-missing.ts'
import { makeAnotherRelease, tagMoved } from '../plan/tag-moved.ts'
import type { Repository, Workspace } from '../ports.ts'
import type { Context } from './context.ts'
import type { StepEnd } from './step-end.ts'

export async function checkSource({ ports, plan, session }: Context): Promise<StepEnd> {
  // Named people are asked first: nothing of the release is checked out before one of them has approved.
  if (ruleOf(plan).kind === 'named' && session.standing.approvedBy === null)
    return { kind: 'succeeded', note: 'looked at once it is approved' }
  const head = await ports.workspace.head()
  if (head.kind === 'absent' && !needsCheckout(plan))
    return { kind: 'succeeded', note: 'nothing is checked out here, and no command needs it' }
  requireRelease(head, plan.release)
  return { kind: 'succeeded' }
}

/** Throws unless the checkout is known to be the release: its commands will run there. */
export async function checkCheckout(workspace: Pick<Workspace, 'head'>, release: ReleaseId): Promise<void> {
  requireRelease(await workspace.head(), release)
}

function requireRelease(reading: Reading<string>, release: ReleaseId): void {
  const head = known(reading)
  if (head === release.sha) return
  if (head === null) throw nothingCheckedOut(release)
  throw new Problem('checkout-differs', {
    what: `The checkout is at ${head}, the release ${release.tag} is ${release.sha}.`,
    why: 'The job checked out another ref than the release, or working-directory is in another repository; its commands would come from another version.',
    next: `Check out with "ref: ${release.sha}" before this step, or use the reusable workflow, which does.`,
  })
}

const nothingCheckedOut = ({ tag, sha }: ReleaseId): Problem =>
  new Problem('checkout-unknown', {
    what: `Nothing is checked out here that git knows, and commands of ${tag} are to run.`,
    why: 'The job has no checkout; or actions/checkout found no git in its container, and brought files without their repository.',
    next: `Check out with "ref: ${sha}" before this step, in a container that has git.`,
  })

/** The tag is read again after every wait: a tag that has moved is not the approved release. */
export async function checkTag(repository: Repository, release: Release): Promise<void> {
  const now = known(await repository.resolveTag(release.tag))
  if (now === release.sha) return
  throw tagMoved(
    { tag: release.tag, was: release.sha, is: now, since: 'the plan was made' },
    now === null
      ? `Find out who deleted it and why. If it is the same release still, put its tag back, and run again: ${tagAgain(release.tag, release.sha)}. Protect tags with a ruleset.`
      : makeAnotherRelease,
  )
}
