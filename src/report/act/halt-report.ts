import { describeAsk } from '../../domain/signal/ask.ts'
import type { HaltedThere } from '../../domain/signal/halted-there.ts'
import { logLine } from '../outcome/log-lines.ts'
import { blocks, code, counted, text } from '../text/markdown.ts'

/** The outcome of a person's halt, or of its end. */
export interface HaltView {
  readonly environment: string
  readonly by: string
  readonly reason: string
  readonly run: string
  readonly there: HaltedThere
  readonly now: string
}

export function haltOutcome({ there }: HaltView): 'halted' | 'lifted' | 'unchanged' {
  switch (there.kind) {
    case 'halted':
    case 'lifted':
      return there.kind
    case 'too-late':
    case 'nothing-lifted':
      return 'unchanged'
  }
}

export const haltLine = (view: HaltView): string => logLine(inWords(view))

export const haltSummary = (view: HaltView): string =>
  `${blocks(
    `## ${titles[view.there.kind]} ${code(view.environment)}`,
    `${text(inWords(view))}.`,
    view.reason === '' ? null : `${text(view.by)}: ${text(view.reason)}`,
    view.there.kind === 'lifted'
      ? view.there.halts.map((ask) => `- ${text(describeAsk(ask))}`).join('\n')
      : null,
  )}\n`

const titles: { readonly [Kind in HaltedThere['kind']]: string } = {
  halted: '✋ Halt:',
  'too-late': 'Too late to halt',
  lifted: 'Halt lifted:',
  'nothing-lifted': 'No halt to lift in',
}

function inWords({ environment, there }: HaltView): string {
  switch (there.kind) {
    case 'halted':
      return there.deployment === null
        ? `${environment} is halted: no release is brought forward until that is lifted, by do: lift-halt`
        : `Deployment ${there.deployment} of ${environment} is told to halt: its running batch finishes, and before the next one its run reads that and asks what to do. If no batch is left, it ends as it would`
    case 'too-late':
      return `Deployment ${there.deployment} of ${environment} has ended before it could be halted; a rollback takes it back`
    case 'lifted':
      return `Lifted in ${environment}: ${counted(there.halts.length, 'halt of a person', 'halts of people')}. An open issue or alarm still holds a release`
    case 'nothing-lifted':
      return there.question === null
        ? `No halt stands in ${environment}`
        : `No halt stands in ${environment}: what was halted waits for an answer to question ${there.question}`
  }
}

/** The `result` output of `halt`, described in docs/halting.md. */
export const haltResult = (view: HaltView) => ({
  schema: 1,
  command: 'halt',
  outcome: haltOutcome(view),
  at: view.now,
  environment: view.environment,
  reason: view.reason,
  by: view.by,
  deployment: 'deployment' in view.there ? view.there.deployment : null,
})
