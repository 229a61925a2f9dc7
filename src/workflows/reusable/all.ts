import { dispatchWorkflow, watchWorkflow } from './clocks.ts'
import { decideWorkflow } from './decide.ts'
import { plannedWorkflows } from './planned.ts'
import { reconcileWorkflow } from './reconcile.ts'
import { rehearseWorkflow } from './rehearse.ts'
import { releaseWorkflow } from './release.ts'
import { singleWorkflows } from './single.ts'

/** Returns the reusable workflows by their file names. */
export const reusableWorkflows = (): ReadonlyMap<string, string> =>
  new Map([
    ...plannedWorkflows(),
    ['decide.yml', decideWorkflow()],
    ['reconcile.yml', reconcileWorkflow()],
    ...singleWorkflows(),
    ['watch.yml', watchWorkflow()],
    ['dispatch.yml', dispatchWorkflow()],
    ['rehearse.yml', rehearseWorkflow()],
    ['release.yml', releaseWorkflow()],
  ])
