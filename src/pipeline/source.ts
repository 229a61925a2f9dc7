import { ruleOf } from '../domain/gate.ts'
import { Problem } from '../domain/problem.ts'
import { known } from '../domain/reading.ts'
import type { Release } from '../domain/release.ts'
import type { Context } from './context.ts'
import type { Repository, Workspace } from './ports.ts'
import type { StepEnd } from './step.ts'

export async function checkSource({ ports, plan, session }: Context): Promise<StepEnd> {
  // Named people are asked first: nothing of the release is checked out before one of them has said yes.
  if (ruleOf(plan).kind === 'named' && session.standing.approvedBy === null)
    return { kind: 'succeeded', note: 'looked at once it is approved' }
  const found = await checkCheckout(ports.workspace, plan.release)
  return found ? { kind: 'succeeded' } : { kind: 'succeeded', note: 'nothing is checked out here' }
}

/** What is checked out is the release: its commands will run there. False where nothing is checked out. */
export async function checkCheckout(
  workspace: Workspace,
  release: Pick<Release, 'tag' | 'sha'>,
): Promise<boolean> {
  const head = known(await workspace.head())
  if (head === null || head === release.sha) return head !== null
  throw new Problem('checkout-differs', {
    what: `The checkout is at ${head}, the release ${release.tag} is ${release.sha}.`,
    why: 'The job checked out another ref than the release, so its commands would come from another version.',
    next: `Check out with "ref: ${release.sha}" before this step, or use the reusable workflow, which does.`,
  })
}

/** Asked again after every wait: a tag that has moved is not the release that somebody approved. */
export async function checkTag(repository: Repository, release: Release): Promise<void> {
  const now = known(await repository.resolveTag(release.tag))
  if (now === release.sha) return
  throw new Problem('tag-moved', {
    what:
      now === null
        ? `The tag ${release.tag} is gone; it was ${release.sha}.`
        : `The tag ${release.tag} is ${now} now; it was ${release.sha}.`,
    why: 'Somebody moved or deleted the tag after the plan was made. A release never changes.',
    next: 'Find out who moved it and why, then make a new release with a new tag. Protect tags with a ruleset.',
  })
}
