import { readdirSync } from 'node:fs'

const root = new URL('../../../', import.meta.url)

const workflowsIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`)
    .sort()

/** Our own workflows, those for callers among them. */
export const ownWorkflows = workflowsIn('.github/workflows')

/** The workflows to copy: those of any repository, of repositories of one owner, and of single examples. */
export const exampleWorkflows = [
  'examples/workflows',
  'examples/one-owner',
  'examples/pull-hosts/.github/workflows',
].flatMap(workflowsIn)

export const reusableWorkflows = ['deploy', 'rollback', 'decide'].map(
  (name) => `.github/workflows/${name}.yml`,
)
