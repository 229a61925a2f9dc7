import { hostOf, type Instance, type PullFleet } from '../domain/config/fleet.ts'
import type { Failure } from '../domain/question/decision.ts'
import type { FleetControl, Prober, ReleaseFolders, Shell, Variables } from '../pipeline/ports.ts'

export interface PullFleetMeans {
  readonly shell: Shell
  readonly prober: Prober
}

/** Instances on hosts that pull. Commands and questions about them run on this machine: no command reaches the hosts. */
export function createPullFleet(recipe: PullFleet, { shell, prober }: PullFleetMeans): FleetControl {
  const seenBy = (instance: Instance, variables: Variables): Variables => ({
    ...instance.env,
    ...variables,
    ROLLGATE_HOST: hostOf(recipe, instance) ?? '',
  })
  return {
    reach: async () => {},
    prepare: async () => null,
    folders: noFolders,
    run: (instance, command, variables, watch) => shell.run(command, seenBy(instance, variables), watch),
    ask: (instance, probe, variables, signal) => prober.ask(probe, seenBy(instance, variables), signal),
    fetch: async () => null,
    rest() {},
  }
}

/** The agent of a host brings its releases, and looks after them. */
const noFolders: ReleaseFolders = {
  list: async () => [],
  begin: async ({ name }) => unreached(name),
  finish: async ({ name }) => unreached(name),
  clear: async ({ name }) => unreached(name),
}

const unreached = (instance: string): Failure => ({
  code: 'host-unreachable',
  what: `${instance} pulls its releases: no folder can be made there from here.`,
  tail: [],
})
