import type { FleetControl, Prober, Shell } from '../pipeline/ports.ts'

/** Instances that are processes on this machine: commands for them run here. */
export function createLocalFleet(shell: Shell, prober: Prober): FleetControl {
  return {
    reach: async () => {},
    prepare: async () => null,
    run: (instance, command, variables, watch) =>
      shell.run(command, { ...instance.env, ...variables, ...outlivesTheJob }, watch),
    ask: (instance, probe, variables, signal) => prober.ask(probe, { ...instance.env, ...variables }, signal),
    fetch: async () => null,
    rest() {},
  }
}

/** At the end of a job the runner ends all processes with its mark; an instance started here must stay. */
const outlivesTheJob = { RUNNER_TRACKING_ID: '' }
