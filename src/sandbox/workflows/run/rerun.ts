import type { InForce } from '../../rules/in-force.ts'
import { FormRefused } from './inputs.ts'
import type { PlayedRun, RunStart } from './run-start.ts'

const mostReruns = 50

/** The start of another attempt of a run: of all its jobs, or of those that failed and what depends on them. */
export function rerunOf(
  { start, jobs }: PlayedRun,
  which: 'all' | 'failed',
  by: string,
  inForce: InForce,
): RunStart {
  if (start.attempt > mostReruns && inForce('rerun-50'))
    throw new FormRefused(`This workflow run was re-run ${mostReruns} times, and cannot be re-run again.`)
  const succeeded = Object.entries(jobs).filter(([, { result }]) => result === 'success')
  const keeps = which === 'failed' && inForce('rerun-keeps-success')
  return {
    ...start,
    attempt: start.attempt + 1,
    actor: inForce('rerun-original-actor') ? start.actor : by,
    triggeringActor: by,
    kept: keeps ? Object.fromEntries(succeeded) : {},
  }
}
