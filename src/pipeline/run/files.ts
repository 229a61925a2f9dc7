import { join } from 'node:path'
import type { Command } from '../../domain/config/command.ts'
import { instancesOf, jobOf } from '../../domain/config/command-fleet.ts'
import { isOverSsh } from '../../domain/config/fleet.ts'
import { stepCommands } from '../../domain/config/runner-commands.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { type Reading, unknown } from '../../domain/reading.ts'
import { describeRelease, type ReleaseId } from '../../domain/release/release.ts'
import { isMigrationEnd, isRoll, type Step } from '../../domain/step/step.ts'
import { traitsOf } from '../../domain/step/traits.ts'
import type { Variables } from '../ports.ts'
import type { Context } from './context.ts'

/** A command with the folder that it belongs to, and its variables. */
export interface Placed {
  readonly command: Command
  readonly seen: Variables
}

/** Returns a command for another folder than the checkout: its own working directory is below that. */
export const inFolder = (command: Command, folder: string): Command => ({
  ...command,
  workingDirectory: join(folder, command.workingDirectory),
})

/**
 * Puts the command of a step into the files of the release that defines it. The files of the serving release are checked
 * out beside those of the planned one; where they cannot be had, the step fails: the script of another release, at the
 * same path, is another script.
 */
export async function place(context: Context, step: Step, command: Command): Promise<Placed | Failure> {
  const release = definerOf(context.plan, step)
  if (release === null || runsAway(context, command)) return { command, seen: {} }
  const folder = await folderOf(context, release)
  switch (folder.kind) {
    case 'found':
      return {
        command: inFolder(command, folder.value),
        seen: { ROLLGATE_CHECKOUT: folder.value, ROLLGATE_PREVIOUS_CHECKOUT: folder.value },
      }
    case 'absent':
      return filesMissing(step, release, 'Nothing is checked out here.')
    case 'unknown':
      return filesMissing(step, release, folder.why.what)
  }
}

/** Returns the release whose files are checked out beside those of the planned one; null where none are needed. */
function definerOf({ from }: Plan, step: Step): ReleaseId | null {
  if (isRoll(step)) return step.instanceCheck === null ? null : from
  const { files } = traitsOf(step)
  if (files === 'serving') return from
  return files === 'named' && isMigrationEnd(step) ? step.release : null
}

/**
 * Puts a command of the planned release into that release's files. The run that closes a deployment to make room for its
 * own has another release checked out: a script at the same path there is another script.
 */
export async function placeInPlanned(
  context: Context,
  step: Pick<Step, 'id'>,
  command: Command,
): Promise<Placed | Failure> {
  const { release } = context.plan
  if (runsAway(context, command)) return { command, seen: {} }
  const head = await context.ports.workspace.head()
  if (head.kind === 'unknown') return filesMissing(step, release, head.why.what)
  if (head.kind === 'absent' || head.value === release.sha) return { command, seen: {} }
  const folder = await folderOf(context, release)
  if (folder.kind === 'found')
    return { command: inFolder(command, folder.value), seen: { ROLLGATE_CHECKOUT: folder.value } }
  return filesMissing(
    step,
    release,
    folder.kind === 'unknown' ? folder.why.what : 'Nothing is checked out here.',
  )
}

/** True if a command runs on other machines: no file of a checkout is there. */
const runsAway = ({ plan: { fleets } }: Context, command: Command): boolean =>
  jobOf(command) !== null ||
  fleets.some(({ service, fleet }) => isOverSsh(fleet) && service === instancesOf(command)?.service)

/** Absent where the job has no checkout at all: then no file of another release is there either. */
async function folderOf({ ports: { workspace } }: Context, { sha }: ReleaseId): Promise<Reading<string>> {
  const folder = await workspace.checkout(sha)
  if (folder.kind !== 'absent') return folder
  const head = await workspace.head()
  return head.kind === 'found' ? unknown(notFetched) : head
}

const notFetched: ProblemWords = {
  code: 'files-missing',
  what: 'Git could not fetch it from origin.',
  why: 'The commit is gone, or the network failed.',
  next: 'Try again.',
}

/** Warns, before anything changes, of a step that will stop because its files cannot be fetched. */
export async function warnOfMissingFiles(context: Context): Promise<void> {
  for (const step of context.plan.steps) {
    const release = definerOf(context.plan, step)
    const commands = isRoll(step) ? [] : stepCommands(step)
    const away = commands.length > 0 && commands.every(({ command }) => runsAway(context, command))
    if (release === null || away) continue
    const folder = await folderOf(context, release)
    if (folder.kind !== 'unknown') continue
    const { what, next } = filesMissing(step, release, folder.why.what)
    return context.ports.voice.warning(`${step.id} will stop`, `${what} ${next}`)
  }
}

const filesMissing = (
  step: Pick<Step, 'id'>,
  release: ReleaseId,
  because: string,
): Failure & { next: string } => ({
  code: 'files-missing',
  what: `${step.id} is a command of ${describeRelease(release)}, and the files of that commit cannot be had here: ${because}`,
  tail: [],
  next: 'See that git can fetch that commit from origin, then decide retry. If it is gone for good, run by hand what is needed of it and decide force-next.',
})
