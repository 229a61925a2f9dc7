import type { Fleet, Shell } from '../pipeline/ports.ts'

/** Instances that are processes on this machine: commands for them run here. */
export function createLocalFleet(shell: Shell): Fleet {
  return {
    run: (instance, command, variables, watch) =>
      shell.run(command, { ...instance.env, ...variables, ...outlivesTheJob }, watch),
  }
}

/** At the end of a job the runner ends whatever carries its mark; an instance started here is to stay. */
const outlivesTheJob = { RUNNER_TRACKING_ID: '' }
