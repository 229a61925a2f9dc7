import { expect } from 'vitest'
import { type FieldName, fields } from '../../../src/inputs/form/fields.ts'
import { ghLines } from '../../../src/report/form/gh-line.ts'
import { parseWorkflow, readWorkflow } from '../../../src/sandbox/workflows/workflow-file.ts'
import { exampleWorkflows, ownWorkflows as kept } from '../../../src/sandbox/workflows/workflow-files.ts'
import { buttonWorkflows, ownWorkflows } from '../../../src/workflows/own-workflows.ts'
import { aGitHub, connectedAs } from './a-github.ts'
import { inFile, never, type RuleAnswer } from './answer.ts'

const choices = { version: 'v0', runsOn: 'production' }
const written = ownWorkflows(choices)
const form = 'rollgate.yml'

/** A person fills in the form, as the `gh` line of a page does: on the default branch, with every field. */
async function formTakesEveryField(): Promise<void> {
  const { sandbox } = await aGitHub()
  await sandbox.commit('main', Object.fromEntries(written), 'Rollgate')
  const { rest, place } = connectedAs(sandbox, 'ada', { permissions: { actions: 'write' } })
  const names = Object.keys(fields) as FieldName[]
  const inputs = Object.fromEntries(names.map((name) => [name, name]))
  await rest.actions.createWorkflowDispatch({ ...place, workflow_id: form, ref: 'main', inputs })
  expect(sandbox.runs).toMatchObject([{ workflow: form, event: 'workflow_dispatch', inputs }])
}

/** Rollgate's records and releases start nothing, so that nothing of its may wait for them. */
function waitsForNoEventOfItsOwn(): void {
  const texts = [...written.values(), ...buttonWorkflows(choices).values()]
  const files = [...texts.map(parseWorkflow), ...[...kept, ...exampleWorkflows].map(readWorkflow)]
  const own = ['release', 'deployment', 'deployment_status', 'issues', 'repository_dispatch', 'workflow_run']
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter(({ on }) => Object.keys(on).some((event) => own.includes(event)))).toEqual([])
}

/** The default branch, which has the form, is what `gh` takes where it is told no ref. */
function lineNamesNoRef(): void {
  const typed = [
    { name: 'do', value: 'decide' },
    { name: 'environment', value: 'production' },
  ]
  const lines = ghLines({ workflow: form, repository: 'acme/shop' }, typed) ?? []
  expect(lines.join('\n')).toContain(form)
  expect(lines.join('\n')).not.toMatch(/--ref|-r /)
}

const onDefaultBranch = inFile('test/entry/find-form.test.ts')(
  'any other run looks once if the default branch has the one form',
)
const startsForms = inFile('test/adapters/github-forms.test.ts')
const tellsNothing = never('Rollgate makes no event of its own.', 'repos.createDispatchEvent')

export const eventAnswers = {
  'workflow-token-starts-no-workflow': waitsForNoEventOfItsOwn,
  'inactive-starts-no-workflow': waitsForNoEventOfItsOwn,
  'dispatch-on-branch-or-tag': lineNamesNoRef,
  'dispatch-file-on-default-branch': onDefaultBranch,
  'dispatch-runs-file-of-ref': lineNamesNoRef,
  'dispatch-known-inputs': formTakesEveryField,
  'dispatch-inputs-at-most-25': formTakesEveryField,
  'dispatch-inputs-length': startsForms(
    'inputs that are longer than GitHub takes are refused, and nothing is started',
  ),
  'dispatch-run-details': startsForms(
    'a form is started on the default branch with its inputs, and GitHub tells the address of its run',
  ),
  'repository-dispatch-payload': tellsNothing,
  'repository-dispatch-length': tellsNothing,
} satisfies Record<string, RuleAnswer>
