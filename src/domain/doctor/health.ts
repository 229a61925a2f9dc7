import type { Reading } from '../reading.ts'

/** The questions that settings answer, to a terminal as well as to a job. */
const questionsOfSettings = [
  'workflow-files',
  'environment-there',
  'environment-protected',
  'clock-environment',
  'halt-label',
  'immutable-releases',
  'repository-public',
] as const

/** The questions that only a job can answer. Their answers stay, with their date. */
const questionsOfJobs = [
  'runner-version',
  'owner-border',
  'github-server',
  'token-rights',
  'ledger-writable',
  'ledger-rulesets',
  'secret-arrives',
  'approvals-recorded',
] as const

/** The questions that a doctor answers, each with a section of docs/doctor.md. */
export const questions = [...questionsOfSettings, ...questionsOfJobs] as const

export type DoctorQuestion = (typeof questions)[number]

/** `beware`: nothing is broken, and people must know it. */
export const healths = ['well', 'beware', 'ill', 'unknown'] as const
export type Health = (typeof healths)[number]

/** An answer about the repository, or about one thing in it. */
export interface Diagnosis {
  readonly question: DoctorQuestion
  /** The environment or file; null for the whole repository. */
  readonly subject: string | null
  readonly health: Health
  readonly what: string
  /** The next action; empty where all is well. */
  readonly next: string
}

/** The place of an answer: the question and its subject. */
export type AnswerPlace = Pick<Diagnosis, 'question' | 'subject'>

/** Returns the answer to a question whose reading failed. */
export const illReading = (
  about: AnswerPlace,
  reading: Exclude<Reading<unknown>, { kind: 'found' }>,
): Diagnosis => ({
  ...about,
  health: 'unknown',
  what: reading.kind === 'unknown' ? reading.why.what : 'GitHub does not show it to this token.',
  next: reading.kind === 'unknown' ? reading.why.next : 'Use a token that may read it.',
})

export const well = (about: AnswerPlace, what: string): Diagnosis => ({
  ...about,
  health: 'well',
  what,
  next: '',
})
