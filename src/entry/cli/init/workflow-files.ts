import { configPath, type FileDraft } from '../../../init/draft.ts'
import { signed } from '../../../init/upgrade/written.ts'
import { buttonWorkflows, ownWorkflows } from '../../../workflows/own-workflows.ts'
import { ownVersion } from './version.ts'

/** The choices of a repository for its workflows. */
export interface WorkflowChoices {
  readonly runsOn: readonly string[]
  readonly config?: string
  /** True for a form of its own for each word as well. */
  readonly buttons?: boolean
}

/** Returns the two workflows, each with a last line by which an edited one is known later. */
export async function workflowFiles(
  { runsOn, config = configPath, buttons = false }: WorkflowChoices,
  env: NodeJS.ProcessEnv,
): Promise<FileDraft[]> {
  const [only, ...more] = runsOn
  const own = {
    version: await ownVersion(process.argv[1], env),
    runsOn: more.length === 0 && only !== undefined ? only : runsOn,
    config,
  }
  return [...ownWorkflows(own), ...(buttons ? buttonWorkflows(own) : [])].map(([path, text]) => ({
    path,
    text: signed(text),
    executable: false,
  }))
}
