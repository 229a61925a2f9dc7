import { configPath, type FileDraft } from '../../../init/draft.ts'
import { signed } from '../../../init/upgrade/written.ts'
import { callerWorkflows } from '../../../workflows/callers.ts'
import type { OwnWorkflow } from '../../../workflows/own.ts'
import { buttonWorkflows, ownWorkflows, type WorkflowFiles } from '../../../workflows/own-workflows.ts'
import { ownVersion } from './version.ts'

/** The workflows of a repository: the form and the clock, a form for each word as well, or callers. */
export type WorkflowShape = 'form' | 'buttons' | 'callers'

/** The choices of a repository for its workflows. */
export interface WorkflowChoices {
  readonly runsOn: readonly string[]
  readonly config?: string
  readonly shape: WorkflowShape
}

const workflows: { readonly [Shape in WorkflowShape]: (own: OwnWorkflow) => WorkflowFiles } = {
  form: ownWorkflows,
  buttons: (own) => new Map([...ownWorkflows(own), ...buttonWorkflows(own)]),
  callers: callerWorkflows,
}

/** Returns the workflows, each with a last line by which an edited one is known later. */
export async function workflowFiles(
  { runsOn, config = configPath, shape }: WorkflowChoices,
  env: NodeJS.ProcessEnv,
): Promise<FileDraft[]> {
  const [only, ...more] = runsOn
  const own = {
    version: await ownVersion(process.argv[1], env),
    runsOn: more.length === 0 && only !== undefined ? only : runsOn,
    config,
  }
  return [...workflows[shape](own)].map(([path, text]) => ({ path, text: signed(text), executable: false }))
}
