import type { SoakTurn } from '../../domain/ledger/soak.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import { blocks, code, text } from '../text/markdown.ts'

/** The migration of an environment after a look at its soak. */
export interface SoakView {
  readonly environment: string
  readonly turn: SoakTurn
  readonly problem: ProblemWords | null
}

/** Returns what became of an open migration, in words; null where nothing is to be said. */
export function soakInWords({ environment, turn, problem }: SoakView): string | null {
  if (problem !== null) return `The open migration of ${environment} could not be looked at: ${problem.what}`
  switch (turn.kind) {
    case 'nothing':
      return null
    case 'due':
      return `The migration of ${environment} has soaked: a job of this run completes it, behind the gate.`
    case 'waits':
      return `The migration of ${environment} has soaked, and waits: ${turn.why}.`
    case 'declined':
      return `${turn.by} rejected the completion of the migration of ${environment}${turn.why === '' ? '' : `: ${turn.why}`}. Only a person completes it now, with do: complete-migration.`
  }
}

/** Returns the part of the page about open migrations; null where nothing is to be said. */
export function soakSummary(views: readonly SoakView[]): string | null {
  const rows = views.flatMap((view) => {
    const words = soakInWords(view)
    return words === null ? [] : [`- ${code(view.environment)}: ${text(words)}`]
  })
  return rows.length === 0 ? null : `${blocks('### Open migrations', rows.join('\n'))}\n`
}
