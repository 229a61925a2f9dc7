import type { RestEndpointMethodTypes } from '@octokit/rest'
import type { Announce } from '../events.ts'
import { type Call, noContent, notFound, ok, param, Refusal } from '../reply.ts'
import type { Site } from '../site.ts'
import { resolveCommit } from '../store/history.ts'
import { readReference } from '../store/references.ts'
import { triggersOf, workflowText } from '../workflow-files.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

type Dispatch = RestEndpointMethodTypes['actions']['createWorkflowDispatch']['parameters']
type RepositoryDispatch = RestEndpointMethodTypes['repos']['createDispatchEvent']['parameters']

/** Characters of the inputs of a dispatch, or of the payload of a repository dispatch. */
const longestInputs = 65_535

/** A dispatch starts a run that is queued; running it is the test's business. */
export function dispatchAnswers(site: Site, runs: WorkflowRuns, announce: Announce) {
  return {
    'actions/create-workflow-dispatch': async (call: Call) => {
      const workflow = param(call, 'workflow_id')
      const { ref, inputs = {}, return_run_details: details = false } = call.body as Dispatch
      if (site.inForce('dispatch-file-on-default-branch')) await requireWorkflow(site, workflow)
      if (site.inForce('dispatch-inputs-length')) requireShort(inputs)
      const { name, commit } = await dispatched(site, ref)
      await requireTrigger(site, workflow, commit, inputs)
      const run = runs.start({ workflow, branch: name, inputs, actor: call.actor, status: 'queued' })
      if (!details && site.inForce('dispatch-run-details')) return noContent
      return ok({
        workflow_run_id: run.id,
        run_url: site.repoApi(`actions/runs/${run.id}`),
        html_url: site.page(`actions/runs/${run.id}`),
      })
    },
    'repos/create-dispatch-event': async (call: Call) => {
      const { client_payload: payload = {} } = call.body as RepositoryDispatch
      if (site.inForce('repository-dispatch-length')) requireShort(payload)
      await announce({ event: 'repository_dispatch', actor: call.actor })
      return noContent
    },
  }
}

/** Named by its file, which must be on the default branch. */
async function requireWorkflow(site: Site, workflow: string): Promise<void> {
  const tip = await resolveCommit(site.git, `refs/heads/${site.repository.defaultBranch}`)
  if (tip === undefined || (await workflowText(site, tip, workflow)) === undefined) throw notFound()
}

function requireShort(value: object): void {
  if (JSON.stringify(value).length > longestInputs) throw new Refusal(422, 'inputs are too large.')
}

/** The file at the ref is the one that runs, so it must have the trigger and its inputs. */
async function requireTrigger(
  site: Site,
  workflow: string,
  commit: string | undefined,
  inputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const text = commit === undefined ? undefined : await workflowText(site, commit, workflow)
  const triggers = triggersOf(text ?? '')
  if (!('workflow_dispatch' in triggers)) {
    if (site.inForce('dispatch-runs-file-of-ref'))
      throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    return
  }
  const declared = Object.keys(triggers.workflow_dispatch?.inputs ?? {})
  const unknown = Object.keys(inputs).filter((name) => !declared.includes(name))
  if (unknown.length > 0 && site.inForce('dispatch-known-inputs'))
    throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`)
}

/** A SHA is refused: GitHub dispatches on a branch or a tag only. */
async function dispatched(site: Site, ref: string): Promise<{ name: string; commit: string | undefined }> {
  const name = ref.replace(/^refs\/(heads|tags)\//, '')
  for (const kind of ['heads', 'tags']) {
    const full = `refs/${kind}/${name}`
    if ((await readReference(site.git, full)) !== undefined)
      return { name, commit: await resolveCommit(site.git, full) }
  }
  if (site.inForce('dispatch-on-branch-or-tag')) throw new Refusal(422, `No ref found for: ${ref}`)
  return { name, commit: await resolveCommit(site.git, name) }
}
