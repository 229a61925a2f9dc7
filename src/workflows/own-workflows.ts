import type { WordRow } from '../inputs/form/word-row.ts'
import { type FormWord, formWords, words } from '../inputs/form/words.ts'
import { clockWorkflow } from './clock-workflow.ts'
import { formWorkflow, wholeForm } from './form-workflow.ts'
import type { OwnWorkflow } from './own.ts'

/** Workflow files of a repository by their paths. */
export type WorkflowFiles = ReadonlyMap<string, string>

/** Returns the two workflows of a repository: the form and the clock. */
export const ownWorkflows = (own: OwnWorkflow): WorkflowFiles =>
  new Map([
    [pathOf('rollgate'), wholeForm(own)],
    [pathOf('rollgate-watch'), clockWorkflow(own)],
  ])

/**
 * Returns a form of its own for each word, for teams that like separate buttons. The whole form stays: pages
 * link to it.
 */
export const buttonWorkflows = (own: OwnWorkflow): WorkflowFiles =>
  new Map(formWords.map((word) => [pathOf(`rollgate-${word}`), button(own, word)]))

const button = (own: OwnWorkflow, word: FormWord): string =>
  formWorkflow({ ...own, name: `Rollgate ${(words[word] as WordRow).title}`, words: [word] })

const pathOf = (name: string): string => `.github/workflows/${name}.yml`
