import type { WorkflowRuns } from './answers/workflow-runs.ts'
import type { Site } from './site.ts'
import { resolveCommit } from './store/history.ts'
import { workflowLogin } from './tokens.ts'
import { workflowsOn } from './workflow-files.ts'

/** Something that workflows can start on. Dispatches of a workflow name it themselves. */
export interface SiteEvent {
  readonly event: 'push' | 'release' | 'deployment' | 'deployment_status' | 'repository_dispatch'
  readonly actor: string
  /** The branch or tag of a push; left out where the event belongs to the default branch. */
  readonly ref?: string
}

/** Starts the workflows that an event starts, by its name alone: filters are the workflow engine's. */
export type Announce = (occurrence: SiteEvent) => Promise<void>

export function announcing(site: Site, runs: WorkflowRuns): Announce {
  return async ({ event, actor, ref }) => {
    const startsNothing = actor === workflowLogin && event !== 'repository_dispatch'
    if (startsNothing && site.inForce('workflow-token-starts-no-workflow')) return
    const branch = ref ?? site.repository.defaultBranch
    const commit = await resolveCommit(site.git, branch)
    if (commit === undefined) return
    for (const workflow of await workflowsOn(site, commit, event))
      runs.start({ workflow, event, actor, branch, sha: commit, status: 'queued' })
  }
}
