import { backupPrinted, describeBackup } from '../../domain/backup/backup.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { StepOf } from '../../domain/step/step.ts'
import type { Context } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { failureWhere, type RanCommand } from '../run/where.ts'

/** Runs the command of the step in its files, with a listener to the lines of its output. */
type RunListening = (answer: (line: string) => void) => Promise<RanCommand | Failure>

/** Makes a backup and notes its name, so that a migration never begins without a point to go back to. */
export async function backUp(
  { session, ports }: Context,
  step: StepOf<'backup'>,
  run: RunListening,
): Promise<StepEnd> {
  const lines: string[] = []
  const ran = await run((line) => lines.push(line))
  const failure = 'code' in ran ? ran : failureWhere(step.id, ran)
  if (failure !== null) return { kind: 'failed', failure }
  const made = backupPrinted(lines)
  // The ledger is read by everybody who may read the repository.
  if (made === null || ports.given.isMasked(`${made.name} ${made.position ?? ''}`))
    return { kind: 'failed', failure: unnamed(made === null ? lines : []) }
  session.note({ kind: 'backed-up', step: step.id, backup: made.name, position: made.position })
  const at = session.journal.at(-1)?.at ?? ''
  return { kind: 'succeeded', note: describeBackup({ ...made, at }) }
}

const unnamed = (lines: readonly string[]): Failure => ({
  code: 'backup-unnamed',
  what: 'The backup has no name that can be kept: the last line of steps.backup.create must be its name, and after a space the position of the database.',
  tail: lines.slice(-5),
  next: 'Have the command print the name of the backup as its last line, without a secret in it, and deploy again.',
})
