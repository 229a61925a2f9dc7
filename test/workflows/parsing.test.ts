import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { expect, test } from 'vitest'
import { textOf } from '../../src/sandbox/workflows/workflow-file.ts'
import { exampleWorkflows, ownWorkflows } from '../../src/sandbox/workflows/workflow-files.ts'

/** Returns the findings of GitHub's own parser on a workflow. */
async function mistakesIn(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

for (const path of [...ownWorkflows, ...exampleWorkflows])
  test(`GitHub's parser takes ${path}`, async () => {
    expect(await mistakesIn(path, textOf(path))).toEqual([])
  })

test('the parser would find a mistake', async () => {
  const broken = textOf('.github/workflows/deploy.yml').replace('needs: plan', 'needs: plans')
  expect(await mistakesIn('broken.yml', broken)).toEqual([expect.stringContaining("'plans'")])
})
