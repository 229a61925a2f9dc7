import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { actionNames } from '../../src/inputs/definitions.ts'
import { runnerRules } from '../../src/sandbox/rules/runner.ts'
import { serverRules } from '../../src/sandbox/rules/server.ts'
import { workflowRules } from '../../src/sandbox/rules/workflow.ts'
import { callerWorkflows } from '../../src/workflows/callers.ts'
import { ownWorkflows } from '../../src/workflows/own-workflows.ts'
import { reusableWorkflows } from '../../src/workflows/reusable/all.ts'
import { schemaText } from '../schema.ts'
import { actionMetadata } from './action-metadata.ts'
import { configTables } from './config-table.ts'
import { inputsTable, outputsTable } from './face-tables.ts'
import { wordsTable } from './form-table.ts'
import { fillMarked } from './marked.ts'
import { rulesTable } from './rules-table.ts'
import {
  callTables,
  permissionsTable,
  readJobs,
  readWorkflow,
  reusable,
  usersPermissions,
} from './workflow-tables.ts'

/** The repository whose workflows the examples show. */
const exampleRepository = { version: 'v0', runsOn: ['self-hosted', 'production'] } as const

/** Returns every generated file by its path, whole: hand-written parts of a document stay. */
export function* generatedFiles(root: string): Generator<[path: string, text: string]> {
  yield ['action.yml', actionMetadata('deploy', '')]
  for (const action of actionNames) yield [`actions/${action}/action.yml`, actionMetadata(action, '../../')]
  yield ['rollgate.schema.json', schemaText()]
  const written = reusableWorkflows()
  for (const [file, text] of written) yield [`.github/workflows/${file}`, text]
  for (const [path, text] of ownWorkflows(exampleRepository))
    yield [path.replace('.github', 'examples'), text]
  for (const [path, text] of callerWorkflows(exampleRepository))
    yield [path.replace('.github/workflows', 'examples/one-owner'), text]
  const workflows = reusable.map((name) => readWorkflow(`${name}.yml`, written.get(`${name}.yml`) ?? ''))
  const own = [...ownWorkflows(exampleRepository)].flatMap(([path, text]) =>
    path.startsWith('.github/workflows/') ? [readJobs(basename(path), text)] : [],
  )
  yield document(root, 'README.md', { permissions: usersPermissions(own) })
  yield document(root, 'docs/config.md', { config: configTables() })
  yield document(root, 'docs/inputs.md', {
    words: wordsTable(),
    inputs: inputsTable(),
    outputs: outputsTable(),
    ...Object.fromEntries(workflows.map((workflow) => [workflow.file, callTables(workflow)])),
  })
  yield document(root, 'docs/github-rules.md', {
    server: rulesTable(serverRules),
    workflow: rulesTable(workflowRules),
    runner: rulesTable(runnerRules),
  })
  yield document(root, 'docs/permissions.md', {
    own: permissionsTable(own),
    permissions: permissionsTable(workflows),
  })
}

function document(root: string, path: string, parts: Readonly<Record<string, string>>): [string, string] {
  return [path, fillMarked(readFileSync(join(root, path), 'utf8'), parts)]
}
