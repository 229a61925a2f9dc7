import type { ProblemWords } from '../problem.ts'
import type { Reading } from '../reading.ts'
import { type GatedRead, judgeGated } from './gated.ts'
import { type AnswerPlace, type Diagnosis, illReading, well } from './health.ts'
import { judgeProbe, type ProbeRead } from './probe.ts'
import { isAtLeast } from './runner-version.ts'

/** The readings that only a job can take. */
export interface JobRead {
  /** `owner/name` of the repository that the job runs for. */
  readonly repository: string
  readonly runner: Reading<string>
  /** `owner/name` of the repository with the workflow file of the job; absent where GitHub does not say it. */
  readonly workflow: Reading<string>
  /** The version of a GitHub Enterprise Server; absent for any other GitHub. */
  readonly server: Reading<string>
  /** The readings of the token, each by its permission as a workflow writes it. */
  readonly rights: Readonly<Record<string, Reading<unknown>>>
  /** Null for a job that only reads. */
  readonly probe: ProbeRead | null
  /** The names of the active rulesets that may cover the references of ledgers. */
  readonly rulesets: Reading<readonly string[]>
  /** Null for a job without an environment. */
  readonly gated: GatedRead | null
}

/** An answer with the kind of the reading behind it. */
export type JobAnswer = Diagnosis & { readonly value: Reading<unknown>['kind'] }

/** Judges a job by its readings. An unknown reading is never taken for good. */
export const judgeJob = (read: JobRead): readonly JobAnswer[] => [
  { ...runnerVersion(read.runner), value: read.runner.kind },
  { ...ownerBorder(read), value: read.workflow.kind },
  { ...server(read.server), value: read.server.kind },
  { ...rights(read.rights), value: 'found' },
  ...(read.probe === null ? [] : [judgeProbe(read.probe)]),
  { ...rulesets(read.rulesets), value: read.rulesets.kind },
  ...(read.gated === null ? [] : judgeGated(read.gated)),
]

/** The oldest runner that starts an action on node24, and the oldest that knows `$/`. */
const oldest = { node24: '2.327.1', self: '2.336.0' } as const

function runnerVersion(reading: Reading<string>): Diagnosis {
  const about = { question: 'runner-version', subject: null } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  if (reading.kind === 'absent')
    return {
      ...about,
      health: 'unknown',
      what: `The job does not show the version of its runner. It is ${oldest.node24} or newer, because it started this action.`,
      next: `Look at the first lines of this job's log, "Set up job". The reusable workflows need ${oldest.self}.`,
    }
  const version = reading.value
  return isAtLeast(version, oldest.self)
    ? well(about, `The runner has version ${version}.`)
    : {
        ...about,
        health: 'beware',
        what: `The runner has version ${version}. The reusable workflows of Rollgate need ${oldest.self}.`,
        next: 'Update the runner, or use the own workflows that rollgate init writes.',
      }
}

function ownerBorder({ repository, workflow }: JobRead): Diagnosis {
  const about = { question: 'owner-border', subject: null } as const
  if (workflow.kind === 'unknown') return illReading(about, workflow)
  if (workflow.kind === 'absent')
    return {
      ...about,
      health: 'unknown',
      what: 'GitHub does not say which repository the workflow of this job is from.',
      next: 'Use the own workflows that rollgate init writes: they are never called from another owner.',
    }
  return ownerOf(workflow.value) === ownerOf(repository)
    ? well(about, `The workflow of this job is from ${workflow.value}, of the same owner.`)
    : {
        ...about,
        health: 'ill',
        what: `The workflow of this job is from ${workflow.value}, of another owner: GitHub gives it neither your self-hosted runners nor the secrets of your environments.`,
        next: 'Use the own workflows that rollgate init writes.',
      }
}

const ownerOf = (repository: string): string => (repository.split('/')[0] ?? '').toLowerCase()

function server(reading: Reading<string>): Diagnosis {
  const about = { question: 'github-server', subject: null } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  if (reading.kind === 'absent') return well(about, 'GitHub is no GitHub Enterprise Server.')
  return {
    ...about,
    health: isAtLeast(reading.value, '3.22') ? 'beware' : 'ill',
    what: `GitHub is an Enterprise Server of version ${reading.value}. It does not know the reusable workflows; "deployment: false" needs 3.22.`,
    next: 'Use the own workflows that rollgate init writes, on 3.22 or newer.',
  }
}

function rights(readings: JobRead['rights']): Diagnosis {
  const about = { question: 'token-rights', subject: null } as const
  const unknown = Object.entries(readings).flatMap(([permission, { kind, ...rest }]) =>
    kind === 'unknown' && 'why' in rest ? [[permission, rest.why] as const] : [],
  )
  const refused = unknown.filter(([, { code }]) => code === 'permission-missing')
  const [failed] = unknown
  if (refused.length > 0) return refusedRights(about, refused)
  return failed === undefined
    ? well(
        about,
        `The token has ${Object.keys(readings).join(', ')}. Permissions to write were not tried here.`,
      )
    : illReading(about, { kind: 'unknown', why: failed[1] })
}

const refusedRights = (
  about: AnswerPlace,
  refused: readonly (readonly [string, ProblemWords])[],
): Diagnosis => ({
  ...about,
  health: 'ill',
  what: `GitHub refuses the token of this job: ${refused.map(([permission]) => permission).join(', ')}.`,
  next: "Add them to the job's permissions, and to those of the job that calls it where there is one.",
})

function rulesets(reading: Reading<readonly string[]>): Diagnosis {
  const about = { question: 'ledger-rulesets', subject: null } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  if (reading.kind === 'absent' || reading.value.length === 0)
    return well(about, 'No active ruleset names the references of ledgers.')
  return {
    ...about,
    health: 'beware',
    what: `Active rulesets may cover the references of ledgers: ${reading.value.join(', ')}.`,
    next: 'If the ledger cannot be written, exclude refs/rollgate/**, refs/rollgate-asks/** and refs/rollgate-doctor/** from them.',
  }
}
