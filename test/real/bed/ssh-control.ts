import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasker } from '../../../src/adapters/masking.ts'
import { createProber } from '../../../src/adapters/prober.ts'
import { createProcessGroups } from '../../../src/adapters/shell/leftovers.ts'
import { ownEnvironment } from '../../../src/adapters/shell/own-environment.ts'
import { createShell } from '../../../src/adapters/shell.ts'
import { createSshFleets, type SshFleets } from '../../../src/adapters/ssh-fleet.ts'

/** The side of a run: its checkout, its secrets, and its open ssh connections. */
export interface ControlSide {
  readonly fleets: SshFleets
  readonly checkout: string
  /** The kept process groups. */
  groups(): string
  close(): Promise<void>
}

export interface ControlSideOptions {
  readonly secrets?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The values of `ROLLGATE_ENV` for commands. */
  readonly given?: Readonly<Record<string, string>>
}

export function openControlSide({
  secrets = [],
  env = {},
  given = {},
}: ControlSideOptions = {}): ControlSide {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-control-'))
  const masker = createMasker(secrets)
  const groupsFile = join(folder, 'groups')
  const job = { ...process.env, RUNNER_TEMP: folder, ...env }
  const means = {
    env: { ...job, ...given },
    cwd: folder,
    masker,
    groups: createProcessGroups(groupsFile),
  }
  const shell = createShell(means)
  const prober = createProber(shell)
  const fleets = createSshFleets({ ...means, own: ownEnvironment(job, given), prober, shell })
  return {
    fleets,
    checkout: folder,
    groups: () => (readdirSync(folder).includes('groups') ? readFileSync(groupsFile, 'utf8') : ''),
    async close() {
      await fleets.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
