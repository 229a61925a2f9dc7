import { registerHooks } from 'node:module'

// GitHub's packages import JSON without the attribute that Node.js asks for.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    if (!/@actions\/workflow-parser\/.*\.json$/.test(found.url)) return found
    return { ...found, importAttributes: { type: 'json' } }
  },
})
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  '@actions/workflow-parser'
)

/** The findings so far by the text of the file: reading it blocks the process for a moment, and runs repeat files. */
const found = new Map<string, Promise<readonly string[]>>()

/** Returns the findings of GitHub's own parser on a workflow; none if GitHub takes it. */
export function mistakesIn(name: string, content: string): Promise<readonly string[]> {
  const key = `${name}\n${content}`
  const known = found.get(key) ?? findMistakes(name, content)
  found.set(key, known)
  return known
}

async function findMistakes(name: string, content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}
