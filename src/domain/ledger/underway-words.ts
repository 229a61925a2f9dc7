import { deedOf } from '../plan/modes.ts'
import type { ProblemWords } from '../problem.ts'
import type { Run } from '../release/release.ts'
import type { Underway } from './underway.ts'

type Called = Pick<Underway, 'number' | 'plan'>

/** `deployment 7 (deploy v1.2.0)` */
export const describeUnderway = ({ number, plan }: Called): string => `deployment ${number} (${deedOf(plan)})`

/** `deployment 7 (deploy v1.2.0) of production has begun and not ended`: it locks its environment. */
export const describeOpen = (underway: Called, environment: string): string =>
  `${describeUnderway(underway)} of ${environment} has begun and not ended`

/** `Deployment 7 … has begun and not ended.`, as a sentence. */
export const openInWords = (underway: Called, environment: string): string =>
  `${capital(describeOpen(underway, environment))}.`

/** `Deployment 7 (deploy v1.2.0) of production waits for a person.` */
export const waitsInWords = (underway: Called, environment: string, waits: string): string =>
  `${capital(describeUnderway(underway))} of ${environment} ${waits}.`

/** The problem of a run that would change an environment while a live run works on a deployment of it. */
export const atWorkInWords = (
  underway: Called,
  environment: string,
  { url }: Pick<Run, 'url'>,
): ProblemWords => ({
  code: 'environment-locked',
  what: `${capital(describeUnderway(underway))} is at work on ${environment}.`,
  why: `One deployment at a time changes an environment, and its run is live: ${url}`,
  next: 'Wait until that run has ended, or cancel it, then run this one again. Nothing was changed.',
})

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
