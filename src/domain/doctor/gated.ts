import type { Reading } from '../reading.ts'
import { type Diagnosis, illReading, well } from './health.ts'

/** The readings of a job behind the gate of an environment. */
export interface GatedRead {
  readonly environment: string
  readonly secret: 'given' | 'empty'
  /** The names of the variables that the policy requires, each with what the job sees. */
  readonly required: Readonly<Record<string, 'given' | 'empty' | 'absent'>>
  /** The reviewers of the environment; absent where GitHub has no such environment. */
  readonly reviewers: Reading<readonly string[]>
  /** The logins of those who approved this run. */
  readonly approvals: Reading<readonly string[]>
}

type GatedAnswer = Diagnosis & { readonly value: Reading<unknown>['kind'] }

export const judgeGated = (read: GatedRead): readonly GatedAnswer[] => [secret(read), approvals(read)]

function secret({ environment, secret, required }: GatedRead): GatedAnswer {
  const about = { question: 'secret-arrives', subject: environment } as const
  const missing = Object.entries(required).filter(([, seen]) => seen !== 'given')
  if (secret === 'empty')
    return {
      ...about,
      value: 'absent',
      health: missing.length > 0 ? 'ill' : Object.keys(required).length > 0 ? 'well' : 'beware',
      what: `The secret ROLLGATE_ENV of ${environment} is empty in this job${namedIn(missing)}.`,
      next: `If the commands of ${environment} need secrets, set ROLLGATE_ENV in the settings of the environment, and give it to the step.`,
    }
  return missing.length === 0
    ? {
        ...well(about, `The secret ROLLGATE_ENV of ${environment} reaches the job${all(required)}.`),
        value: 'found',
      }
    : {
        ...about,
        value: 'found',
        health: 'ill',
        what: `The secret ROLLGATE_ENV of ${environment} reaches the job${namedIn(missing)}.`,
        next: 'Add these names to ROLLGATE_ENV, or to the variables of the job.',
      }
}

const all = (required: GatedRead['required']): string =>
  Object.keys(required).length === 0 ? '' : `, with ${Object.keys(required).join(', ')}`

const namedIn = (missing: readonly (readonly [string, string])[]): string =>
  missing.length === 0
    ? ''
    : `, and required variables are missing: ${missing.map(([name, seen]) => `${name} (${seen})`).join(', ')}`

function approvals({ environment, reviewers, approvals }: GatedRead): GatedAnswer {
  const about = { question: 'approvals-recorded', subject: environment } as const
  const failed = approvals.kind === 'found' ? reviewers : approvals
  if (approvals.kind === 'found' && approvals.value.length > 0)
    return {
      ...well(
        about,
        `GitHub shows the approval of this run for ${environment}, by ${approvals.value.join(', ')}.`,
      ),
      value: 'found',
    }
  if (failed.kind !== 'found') return { ...illReading(about, failed), value: failed.kind }
  if (reviewers.kind === 'found' && reviewers.value.length === 0)
    return {
      ...about,
      value: 'unknown',
      health: 'unknown',
      what: `The environment ${environment} has no reviewers, so that this run could not show whether approvals are recorded.`,
      next: 'Run the doctor in an environment with reviewers, or name the approvers with requires.approval.from.',
    }
  return {
    ...about,
    value: 'absent',
    health: 'ill',
    what: `GitHub shows no approval of this run for ${environment}, which has reviewers: no reviewer approved it, or approvals of a job with "deployment: false" are not recorded.`,
    next: 'If a reviewer approved this very run, GitHub does not record it: name the approvers with requires.approval.from, or accept it with requires.approval.allow-bypass.',
  }
}
