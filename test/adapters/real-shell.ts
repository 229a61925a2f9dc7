import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createShell } from '../../src/adapters/shell.ts'
import type { Command } from '../../src/domain/config/command.ts'
import type { Finished, Shell, Variables } from '../../src/pipeline/ports.ts'
import { command, listener } from '../contracts/shell.contract.ts'

/** A folder that is gone when the test has ended. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface RealShell {
  readonly shell: Shell
  readonly folder: string
  /** The folder that keeps the running process groups. */
  readonly groups: string
  run(text: string, rest?: Partial<Command>, variables?: Variables): Promise<Ran>
}

export type Ran = Finished & { readonly lines: readonly string[] }

/** A shell in a folder of its own, over this process's environment and some more. */
export function realShell(env: NodeJS.ProcessEnv = {}, secrets: readonly string[] = []): RealShell {
  const folder = scratch()
  const groups = join(folder, 'groups')
  const shell = createShell({
    env: { ...process.env, LC_ALL: 'C', RUNNER_TEMP: folder, ...env },
    cwd: folder,
    masker: createMasker(secrets),
    groups: createProcessGroups(groups),
  })
  return {
    shell,
    folder,
    groups,
    async run(text, rest, variables = {}) {
      const watch = listener()
      const finished = await shell.run(command(text, rest), variables, watch)
      return { ...finished, lines: watch.lines }
    },
  }
}
