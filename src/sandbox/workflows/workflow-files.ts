import { readdirSync } from 'node:fs'

const root = new URL('../../../', import.meta.url)

const workflowsIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`)
    .sort()

/** Our own workflows, those for callers among them. */
export const ownWorkflows = workflowsIn('.github/workflows')

/** The workflows to copy: those of any repository, and those of repositories of one owner. */
export const exampleWorkflows = [...workflowsIn('examples/workflows'), ...workflowsIn('examples/one-owner')]

export const reusableWorkflows = ['deploy', 'rollback', 'decide'].map(
  (name) => `.github/workflows/${name}.yml`,
)
