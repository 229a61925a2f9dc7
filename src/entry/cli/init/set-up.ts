import { type Given, questionNames } from '../../../init/questions.ts'
import { type CommandWords, type ExitCode, exits, type Terminal } from '../command.ts'
import { show } from '../shown.ts'
import type { Person } from './asking.ts'
import type { SeenAt } from './see.ts'
import type { WorkflowShape } from './workflow-files.ts'

/** A set-up under way: the words of the command, the terminal, and the repository as it was seen. */
export interface SetUp {
  readonly asked: CommandWords
  readonly terminal: Terminal
  readonly person: () => Person
  readonly say: (text: string) => void
  readonly seen: SeenAt
  readonly given: Given
  readonly mayAsk: boolean
}

export function refused(terminal: Terminal, text: string): ExitCode {
  show(terminal, { tone: 'problem', text })
  return exits.found
}

export function givenAnswers(asked: CommandWords): Given {
  return Object.fromEntries(
    questionNames.flatMap((name) => {
      const value = asked.value(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

/** Returns the workflows that the options ask for. */
export const shapeOf = (asked: CommandWords): WorkflowShape =>
  asked.has('reusable') ? 'callers' : asked.value('with') === 'buttons' ? 'buttons' : 'form'
