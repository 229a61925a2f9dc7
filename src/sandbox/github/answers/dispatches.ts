import type { RestEndpointMethodTypes } from '@octokit/rest'
import { type Call, noContent, notFound, ok, param, Refusal } from '../reply.ts'
import type { Site } from '../site.ts'
import { resolveCommit } from '../store/history.ts'
import { readReference } from '../store/references.ts'
import { entryAt } from '../store/trees.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

type Dispatch = RestEndpointMethodTypes['actions']['createWorkflowDispatch']['parameters']

/** A dispatch starts a run that is queued; running it is the test's business. */
export function dispatchAnswers(site: Site, runs: WorkflowRuns) {
  return {
    'actions/create-workflow-dispatch': async (call: Call) => {
      const workflow = param(call, 'workflow_id')
      const { ref, inputs = {}, return_run_details: details = false } = call.body as Dispatch
      await requireWorkflow(site, workflow)
      const branch = await branchOrTag(site, ref)
      const run = runs.start({ workflow, branch, inputs, actor: call.actor, status: 'queued' })
      if (!details) return noContent
      return ok({
        workflow_run_id: run.id,
        run_url: site.repoApi(`actions/runs/${run.id}`),
        html_url: site.page(`actions/runs/${run.id}`),
      })
    },
  }
}

/** Named by its file, which must be on the default branch. */
async function requireWorkflow(site: Site, workflow: string): Promise<void> {
  const tip = await resolveCommit(site.git, `refs/heads/${site.repository.defaultBranch}`)
  const entry = tip && (await entryAt(site.git, tip, `.github/workflows/${workflow}`))
  if (!entry) throw notFound()
}

/** A SHA is refused: GitHub dispatches on a branch or a tag only. */
async function branchOrTag(site: Site, ref: string): Promise<string> {
  const name = ref.replace(/^refs\/(heads|tags)\//, '')
  for (const kind of ['heads', 'tags']) {
    if ((await readReference(site.git, `refs/${kind}/${name}`)) !== undefined) return name
  }
  throw new Refusal(422, `No ref found for: ${ref}`)
}
