import type { Command } from '../../domain/config/command.ts'
import { type PolicyFolder, policyFolder } from '../notify/policy-folder.ts'
import type { Context } from '../run/context.ts'
import { inFolder } from '../run/files.ts'
import type { Unplaced } from './sources.ts'

/**
 * Puts a command of the policy into the files of the default branch's commit, beside those of the release: no release can
 * change what it runs. The commit is read once a run.
 */
export async function inPolicyFiles(
  { ports, session }: Pick<Context, 'ports' | 'session'>,
  command: Command,
): Promise<Command | Unplaced> {
  const folder = folders.get(session) ?? (await policyFolder(ports))
  if ('unplaced' in folder)
    return { unplaced: `The files of the default branch cannot be had: ${folder.unplaced}` }
  folders.set(session, folder)
  return inFolder(command, folder.path)
}

/** The folder of the policy, by the run that asked for it. */
const folders = new WeakMap<object, PolicyFolder>()
