import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ended, failedWith, type StepLeft } from '../workflows/site/machine.ts'
import { cloneShared } from './shared-clone.ts'

const git = promisify(execFile)

export interface CheckoutPlace {
  readonly gitDir: string
  readonly workspace: string
  /** The commit of the run, for a checkout that names no ref. */
  readonly sha: string
}

/** Does the work of `actions/checkout`: the files of a ref of the own repository, and nothing that lay there before. */
export async function checkOut(
  { gitDir, workspace, sha }: CheckoutPlace,
  { ref = '', path = '.' }: Readonly<Record<string, string>>,
): Promise<StepLeft> {
  const folder = join(workspace, path)
  mkdirSync(folder, { recursive: true })
  for (const left of readdirSync(folder)) rmSync(join(folder, left), { recursive: true })
  cloneShared(gitDir, folder)
  const wanted = ref === '' ? sha : ref
  for (const name of [wanted, `refs/tags/${wanted}`, `origin/${wanted}`]) {
    const { stdout } = await git('git', [
      '-C',
      folder,
      'rev-parse',
      '--verify',
      '--quiet',
      `${name}^{commit}`,
    ]).catch(() => ({ stdout: '' }))
    if (stdout === '') continue
    await git('git', ['-C', folder, 'checkout', '--quiet', '--detach', stdout.trim()])
    return ended({ log: [`HEAD is now at ${stdout.trim()}`] })
  }
  if (existsSync(join(folder, '.git'))) rmSync(join(folder, '.git'), { recursive: true })
  return failedWith(`A branch or tag with the name '${wanted}' could not be found`)
}
