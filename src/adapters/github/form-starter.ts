import { Problem } from '../../domain/problem.ts'
import type { WaveState } from '../../domain/wave/wave.ts'
import type { FormStarter } from '../../pipeline/ports.ts'
import { ask } from './answer.ts'
import type { GitHub } from './connection.ts'
import { isLost } from './release/files.ts'

/** Starts a form of this repository by `workflow_dispatch`, on the default branch. `workflow`: the name of its file. */
export const gitHubForms = (github: GitHub, workflow: string): FormStarter => ({
  async start(inputs): Promise<WaveState> {
    try {
      const { default_branch: ref } = await ask(
        { doing: 'read the repository', needs: 'metadata: read' },
        github.rest.repos.get(github.place),
      )
      return await dispatched(github, workflow, ref, inputs)
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure
      return refused(failure)
    }
  },
})

/** Never repeated: after a lost answer the run may be there. */
async function dispatched(
  github: GitHub,
  workflow: string,
  ref: string,
  inputs: Readonly<Record<string, string>>,
): Promise<WaveState> {
  try {
    const answer: unknown = await ask(
      { doing: `start ${workflow}`, needs: 'actions: write' },
      github.rest.actions.createWorkflowDispatch({
        ...github.place,
        workflow_id: workflow,
        ref,
        inputs,
        return_run_details: true,
      }),
    )
    return { kind: 'started', run: addressIn(answer) }
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    return isLost(failure) ? { kind: 'asked' } : refused(failure)
  }
}

const refused = ({ words: { what, next } }: Problem): WaveState => ({
  kind: 'refused',
  why: `${what} ${next}`,
})

/** Older servers answer without a body. */
function addressIn(answer: unknown): string | null {
  const address = (answer as { html_url?: unknown } | null | undefined)?.html_url
  return typeof address === 'string' ? address : null
}
