import type { InForce } from '../../rules/in-force.ts'

/** One megabyte, in the UTF-16 that GitHub counts. */
const mostOfJob = 1_048_576

const sizeOf = (outputs: Readonly<Record<string, string>>): number =>
  Object.entries(outputs).reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0)

export interface JobOutputs {
  readonly outputs: Readonly<Record<string, string>>
  readonly problems: readonly string[]
}

/** The end of a job's steps, with the values of its outputs. */
export interface EndOfSteps {
  readonly outputs: Readonly<Record<string, string>>
  readonly masks: readonly string[]
  readonly failed: boolean
}

/** The outputs that a job hands on: those without a masked value, and only as much as GitHub takes. */
export function handedOn({ outputs, masks, failed }: EndOfSteps, inForce: InForce): JobOutputs {
  if (failed && !inForce('failed-job-has-outputs')) return { outputs: {}, problems: [] }
  const isMasked = (value: string): boolean => masks.some((mask) => mask !== '' && value.includes(mask))
  const dropped = Object.entries(outputs).filter(
    ([, value]) => isMasked(value) && inForce('masked-outputs-dropped'),
  )
  const kept = Object.fromEntries(
    Object.entries(outputs).filter(([name]) => !dropped.some(([other]) => other === name)),
  )
  const problems = dropped.map(([name]) => `Skip output '${name}' since it may contain secret.`)
  if (sizeOf(kept) > mostOfJob && inForce('job-outputs-1-mb'))
    return { outputs: {}, problems: [...problems, 'The outputs of this job have more than 1 MB.'] }
  return { outputs: kept, problems }
}
