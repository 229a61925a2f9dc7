import type { LocalFleet } from '../domain/config/fleet.ts'
import type { FleetControl, Prober, Shell, Variables } from '../pipeline/ports.ts'
import { createReleaseFolders, releaseDirectory } from './release-folders.ts'

export interface LocalFleetMeans {
  readonly shell: Shell
  readonly prober: Prober
  /** The home of the user that commands run as. */
  readonly home: string
}

/** Instances that are processes on this machine: commands for them run here. */
export function createLocalFleet(
  { prepare }: Pick<LocalFleet, 'prepare'>,
  { shell, prober, home }: LocalFleetMeans,
): FleetControl {
  const withFolder = (variables: Variables): Variables => ({
    ...variables,
    ...releaseDirectory(prepare, home, variables),
  })
  return {
    reach: async () => {},
    prepare: async () => null,
    folders: createReleaseFolders(async ({ name }, run, variables, signal) => {
      const lines: string[] = []
      const asking = { signal, line: () => {}, answer: (line: string) => void lines.push(line) }
      const script = { run, shell: 'sh', env: {}, workingDirectory: home, timeout: SCRIPT_TIMEOUT_MS }
      return { finished: await shell.run(script, variables, asking), lines, where: name }
    }),
    run: (instance, command, variables, watch) =>
      shell.run(command, { ...instance.env, ...withFolder(variables), ...outlivesTheJob }, watch),
    ask: (instance, probe, variables, signal) =>
      prober.ask(probe, { ...instance.env, ...withFolder(variables) }, signal),
    fetch: async () => null,
    rest() {},
  }
}

/** Long enough to remove a large release from a slow disk. */
const SCRIPT_TIMEOUT_MS = 10 * 60_000

/** At the end of a job the runner ends all processes with its mark; an instance started here must stay. */
const outlivesTheJob = { RUNNER_TRACKING_ID: '' }
