import type { ActionsSite } from '../site/actions-site.ts'
import { FormRefused } from './inputs.ts'
import type { RunStart } from './run-start.ts'

/** Throws `FormRefused` where GitHub starts no run for an event: the file has to be on the default branch. */
export function requireDefaultBranch(
  site: ActionsSite,
  { repository, workflow, event, ref }: RunStart,
): void {
  const trunk = `refs/heads/${site.defaultBranch}`
  if (event.name === 'workflow_dispatch' && site.inForce('form-on-default-branch')) {
    if (site.repositories[repository]?.read(workflow, trunk) === undefined)
      throw new FormRefused(`Not Found: ${workflow} is not on the default branch.`)
  }
  if (event.name === 'schedule' && ref !== trunk && site.inForce('schedule-on-default-branch'))
    throw new FormRefused(`A schedule runs on ${site.defaultBranch} alone.`)
}
