import type { Reading } from '../reading.ts'

/** The questions that a doctor answers, each with a section of docs/doctor.md. */
export const questions = [
  'workflow-files',
  'environment-there',
  'environment-protected',
  'clock-environment',
  'immutable-releases',
  'repository-public',
] as const

export type DoctorQuestion = (typeof questions)[number]

/** An answer about the repository, or about one thing in it. */
export interface Diagnosis {
  readonly question: DoctorQuestion
  /** The environment or file; null for the whole repository. */
  readonly subject: string | null
  /** `beware`: nothing is broken, and people must know it. */
  readonly health: 'well' | 'beware' | 'ill' | 'unknown'
  readonly what: string
  /** The next action; empty where all is well. */
  readonly next: string
}

/** Returns the answer to a question whose reading failed. */
export const illReading = (
  about: Pick<Diagnosis, 'question' | 'subject'>,
  reading: Exclude<Reading<unknown>, { kind: 'found' }>,
): Diagnosis => ({
  ...about,
  health: 'unknown',
  what: reading.kind === 'unknown' ? reading.why.what : 'GitHub does not show it to this token.',
  next: reading.kind === 'unknown' ? reading.why.next : 'Use a token that may read it.',
})
