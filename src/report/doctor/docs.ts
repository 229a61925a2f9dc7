import type { DoctorQuestion } from '../../domain/doctor/health.ts'

const page = 'https://github.com/rollgate/rollgate/blob/v0/docs/doctor.md'

/** The address of the section about a question; of the whole page for null. */
export const doctorDocs = (question: DoctorQuestion | null): string =>
  question === null ? page : `${page}#${question}`

/** The sentence where no job has answered yet. */
export const runTheDoctor = (environment = 'production'): string =>
  `No job has asked your GitHub yet: run the form with do: doctor and environment: ${environment}. ${doctorDocs(null)}`
