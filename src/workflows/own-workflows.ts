import { clockWorkflow } from './clock-workflow.ts'
import { wholeForm } from './form-workflow.ts'
import type { OwnWorkflow } from './own.ts'

/** Returns the two workflows of a repository by their paths: the form and the clock. */
export const ownWorkflows = (own: OwnWorkflow): ReadonlyMap<string, string> =>
  new Map([
    ['.github/workflows/rollgate.yml', wholeForm(own)],
    ['.github/workflows/rollgate-watch.yml', clockWorkflow(own)],
  ])
