import type { Reading } from '../reading.ts'
import type { AnswerPlace, Diagnosis } from './health.ts'

/** The answer of a job, as the repository keeps it. */
export interface KeptAnswer extends Diagnosis {
  /** The kind of the reading behind the answer. */
  readonly value: Reading<unknown>['kind']
  readonly at: string
  /** The address of the run that asked. */
  readonly run: string
}

/** Replaces each answer that was given again; answers about other subjects stay, with their older dates. */
export const mergeAnswers = (
  kept: readonly KeptAnswer[],
  given: readonly KeptAnswer[],
): readonly KeptAnswer[] =>
  [...kept.filter((old) => !given.some((one) => isSame(one, old))), ...given].sort((one, other) =>
    keyOf(one) < keyOf(other) ? -1 : 1,
  )

const isSame = (one: AnswerPlace, other: AnswerPlace): boolean => keyOf(one) === keyOf(other)

const keyOf = ({ question, subject }: AnswerPlace): string => `${question} ${subject ?? ''}`

/** The kept answer to one question, or null if no job has asked. */
export const answerTo = (answers: readonly KeptAnswer[], about: AnswerPlace): KeptAnswer | null =>
  answers.find((one) => isSame(one, about)) ?? null

/** Returns the answer as a sentence with its date. */
export const datedWords = ({ at, what }: Pick<KeptAnswer, 'at' | 'what'>): string =>
  `Your GitHub answered on ${at.slice(0, 10)}: ${what}`
