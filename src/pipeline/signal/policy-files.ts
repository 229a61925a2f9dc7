import type { Command } from '../../domain/config/command.ts'
import type { Context } from '../run/context.ts'
import { inFolder } from '../run/files.ts'
import type { Unplaced } from './sources.ts'

/**
 * Puts a command of the policy into the files of the default branch's commit, beside those of the release: no release can
 * change what it runs. The commit is read once a run.
 */
export async function inPolicyFiles(
  context: Pick<Context, 'ports' | 'session'>,
  command: Command,
): Promise<Command | Unplaced> {
  const { releases, workspace } = context.ports
  const commit = commits.get(context.session) ?? (await releases.commit(null))
  if (commit.kind === 'unknown') return { unplaced: commit.why.what }
  if (commit.kind === 'absent') return { unplaced: 'The default branch has no commit.' }
  commits.set(context.session, commit)
  const folder = await workspace.checkout(commit.value)
  if (folder.kind === 'found') return inFolder(command, folder.value)
  const why = folder.kind === 'unknown' ? folder.why.what : 'nothing is checked out here'
  return { unplaced: `The files of the default branch cannot be had: ${why}` }
}

/** The commit of the policy's files, by the run that asked for it. */
const commits = new WeakMap<object, Awaited<ReturnType<Context['ports']['releases']['commit']>>>()
