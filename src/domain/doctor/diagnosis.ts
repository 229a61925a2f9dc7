import type { ApprovalRule, EnvironmentPolicy } from '../config/policy.ts'
import type { Reading } from '../reading.ts'
import { type Diagnosis, illReading } from './health.ts'

/** An environment at GitHub. */
export interface EnvironmentThere {
  /** The name as GitHub writes it, which may differ in the case of its letters. */
  readonly name: string
  readonly reviewers: readonly string[]
  /** True if any branch or tag may use it. */
  readonly anyRef: boolean
}

/** The readings of a repository that a person at a terminal can take. */
export interface RepositoryRead {
  readonly isPublic: Reading<boolean>
  readonly immutableReleases: Reading<boolean>
  readonly environments: Reading<readonly EnvironmentThere[]>
  /** True for each workflow file that the default branch has. */
  readonly workflows: Readonly<Record<string, Reading<unknown>>>
  /** Each label by which an open issue halts, in the repository. */
  readonly haltLabels: Readonly<Record<string, Reading<unknown>>>
}

/** Returns the labels by which open issues halt, each once. */
export const haltLabelsOf = (policies: readonly Pick<EnvironmentPolicy, 'halt'>[]): string[] => [
  ...new Set(policies.flatMap(({ halt }) => halt?.labels ?? [])),
]

/** Judges a repository by its readings. An unknown reading is never taken for good. */
export const diagnose = (
  policies: readonly Pick<EnvironmentPolicy, 'name' | 'approval'>[],
  read: RepositoryRead,
): Diagnosis[] => [
  ...Object.entries(read.workflows).map(([file, reading]) => workflowThere(file, reading)),
  ...policies.flatMap(({ name, approval }) => ofEnvironment(name, approval, read.environments)),
  ...Object.entries(read.haltLabels).map(([label, reading]) => labelThere(label, reading)),
  immutable(read.immutableReleases),
  open(read.isPublic),
]

/** A label that is not there would halt every deployment, as a signal that is unknown. */
function labelThere(label: string, reading: Reading<unknown>): Diagnosis {
  const about = { question: 'halt-label', subject: label } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  return reading.kind === 'found'
    ? {
        ...about,
        health: 'well',
        what: `The repository has the label ${label}, by which issues halt.`,
        next: '',
      }
    : {
        ...about,
        health: 'ill',
        what: `The repository has no label ${label}, by which issues halt: whether all is quiet stays unknown, and every deployment is halted.`,
        next: `Make the label ${label} in the repository, or correct halt.issues.labels.`,
      }
}

function workflowThere(file: string, reading: Reading<unknown>): Diagnosis {
  const about = { question: 'workflow-files', subject: file } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  return reading.kind === 'found'
    ? { ...about, health: 'well', what: `The default branch has ${file}.`, next: '' }
    : {
        ...about,
        health: 'ill',
        what: `The default branch has no ${file}: GitHub offers forms and starts clocks from there alone.`,
        next: 'Run rollgate init, and merge what it writes into the default branch.',
      }
}

function ofEnvironment(
  name: string,
  approval: ApprovalRule,
  environments: Reading<readonly EnvironmentThere[]>,
): Diagnosis[] {
  const there = { question: 'environment-there', subject: name } as const
  if (environments.kind === 'unknown') return [illReading(there, environments)]
  const all = environments.kind === 'found' ? environments.value : []
  const one = named(all, name)
  const present: Diagnosis =
    one === undefined
      ? {
          ...there,
          health: 'ill',
          what: `GitHub has no environment ${name}: the first job that names it makes one without any protection.`,
          next: `Make the environment ${name} in the settings of the repository, with its reviewers and its secret ROLLGATE_ENV.`,
        }
      : one.name === name
        ? { ...there, health: 'well', what: `GitHub has the environment ${name}.`, next: '' }
        : {
            ...there,
            health: 'ill',
            what: `The config says ${name}, and GitHub has ${one.name}: GitHub takes both for one environment, and Rollgate keeps a ledger by the name as it is written.`,
            next: `Write ${one.name} in the config.`,
          }
  return [present, ...(one === undefined ? [] : [guarded(name, approval, one)]), clock(name, all)]
}

const named = (all: readonly EnvironmentThere[], name: string): EnvironmentThere | undefined =>
  all.find((one) => one.name === name) ?? all.find((one) => one.name.toLowerCase() === name.toLowerCase())

function guarded(name: string, approval: ApprovalRule, { reviewers }: EnvironmentThere): Diagnosis {
  const about = { question: 'environment-protected', subject: name } as const
  if (approval.kind !== 'reviewers')
    return {
      ...about,
      health: 'well',
      what:
        approval.kind === 'none'
          ? `The config asks for no approval in ${name}.`
          : `Named people approve in ${name}.`,
      next: '',
    }
  return reviewers.length > 0
    ? { ...about, health: 'well', what: `${reviewers.join(', ')} may approve in ${name}.`, next: '' }
    : {
        ...about,
        health: 'ill',
        what: `The config asks for an approval in ${name}, and its environment has no reviewers: every deployment there is refused.`,
        next: `Add required reviewers to ${name}. A plan of GitHub without reviewers for private repositories needs requires.approval.from.`,
      }
}

/** The clock runs without reviewers, and only from the default branch. */
function clock(name: string, all: readonly EnvironmentThere[]): Diagnosis {
  const about = { question: 'clock-environment', subject: `${name}-watch` } as const
  const one = named(all, about.subject)
  if (one === undefined)
    return {
      ...about,
      health: 'ill',
      what: `GitHub has no environment ${about.subject}: the clock would run in one without protection, or without the secrets that watching needs.`,
      next: `Make it, without reviewers, for the default branch alone.`,
    }
  if (one.reviewers.length > 0)
    return {
      ...about,
      health: 'ill',
      what: `${one.name} has reviewers: each run of the clock waits for one of them.`,
      next: 'Remove its reviewers, and let only the default branch use it.',
    }
  return one.anyRef
    ? {
        ...about,
        health: 'ill',
        what: `Any branch may use ${one.name}: a person who can push one gets its secrets without an approval.`,
        next: 'Let only the default branch use it: Deployment branches and tags.',
      }
    : {
        ...about,
        health: 'well',
        what: `${one.name} has no reviewers, and not every branch may use it.`,
        next: '',
      }
}

function immutable(reading: Reading<boolean>): Diagnosis {
  const about = { question: 'immutable-releases', subject: null } as const
  if (reading.kind === 'unknown') return illReading(about, reading)
  return reading.kind === 'found' && reading.value
    ? { ...about, health: 'well', what: 'Releases are immutable.', next: '' }
    : {
        ...about,
        health: 'ill',
        what: 'Releases are not immutable: their files and tags can be changed after an approval.',
        next: 'Turn on immutable releases in the settings of the repository.',
      }
}

function open(reading: Reading<boolean>): Diagnosis {
  const about = { question: 'repository-public', subject: null } as const
  if (reading.kind !== 'found') return illReading(about, reading)
  return reading.value
    ? {
        ...about,
        health: 'beware',
        what: 'The repository is public: everybody can read its ledger, its plans and the names of its hosts.',
        next: 'Keep what must stay private out of the config, or make the repository private.',
      }
    : { ...about, health: 'well', what: 'The repository is not public.', next: '' }
}
