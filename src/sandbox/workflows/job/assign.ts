import type { Frame } from '../run/frame.ts'
import { type AssignedRunner, findRunner, isHosted, labelsOf } from '../site/runners.ts'
import { ownerOf, sameOwner } from '../site/source-repository.ts'

/** Finds the runner of a job, or says why there is none: the sentence is GitHub's annotation. */
export function assignRunner({ run, repository }: Frame, runsOn: unknown): AssignedRunner | string {
  const labels = labelsOf(runsOn)
  const { inForce, runners } = run.site
  const isForeign = !sameOwner(run.start.repository, repository)
  if (isForeign && !isHosted(labels) && inForce('self-hosted-owner-border'))
    return `Called workflows cannot be queued onto self-hosted runners across organizations/enterprises. Failed to queue this job. Labels: '${labels.join(', ')}'`
  const found = findRunner(runners, ownerOf(run.start.repository), labels)
  if (found !== undefined) return found
  return inForce('no-runner-fails')
    ? `No runner with the labels '${labels.join(', ')}' took this job within 24 hours.`
    : { kind: 'hosted', version: runners.hosted }
}
