import { Problem } from '../domain/problem.ts'
import type { Release } from '../domain/release.ts'
import type { Context } from './context.ts'
import type { Repository } from './ports.ts'
import type { StepEnd } from './step.ts'

/** What is checked out is the release: its commands will run there. */
export async function checkSource({ ports, plan }: Context): Promise<StepEnd> {
  const head = await ports.workspace.head()
  if (head === null) return { kind: 'succeeded', note: 'nothing is checked out here' }
  if (head === plan.release.sha) return { kind: 'succeeded' }
  throw new Problem('checkout-differs', {
    what: `The checkout is at ${head}, the release ${plan.release.tag} is ${plan.release.sha}.`,
    why: 'The job checked out another ref than the release, so its commands would come from another version.',
    next: `Check out with "ref: ${plan.release.sha}" before this step, or use the reusable workflow, which does.`,
  })
}

/** Asked again after every wait: a tag that has moved is not the release that somebody approved. */
export async function checkTag(repository: Repository, release: Release): Promise<void> {
  const now = await repository.resolveTag(release.tag)
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
