import { datedWords, type KeptAnswer } from '../../domain/doctor/answers.ts'
import type { Diagnosis, Health } from '../../domain/doctor/health.ts'
import type { Reading } from '../../domain/reading.ts'
import { alert, blocks, counted, table, text } from '../text/markdown.ts'
import { doctorDocs, runTheDoctor } from './docs.ts'

const marks: { readonly [H in Health]: string } = { well: '✅', ill: '❌', unknown: '❔', beware: '⚠️' }
const order: readonly Health[] = ['ill', 'unknown', 'beware', 'well']

/** Returns the answers of a doctor as a page, the ill ones first. `notes`: sentences below the table. */
export function doctorPage(answers: readonly Diagnosis[], at: string, notes: readonly string[] = []): string {
  const sorted = order.flatMap((health) => answers.filter((one) => one.health === health))
  const many = (health: Health): number => answers.filter((one) => one.health === health).length
  const rows = sorted.map(({ question, subject, health, what, next }) => [
    marks[health],
    text(subject === null ? question : `${question} (${subject})`),
    text(`${what} ${next}`.trim()),
    health === 'well' ? '' : doctorDocs(question),
  ])
  return `${blocks(
    `## ${counted(many('ill'), 'problem')}, ${many('unknown')} unknown`,
    `GitHub answered at ${at}.`,
    table(['', 'about', 'answer', 'more'], rows),
    ...notes.map((note) => alert('NOTE', text(note))),
  )}\n`
}

/** The kept answers of jobs among those of a terminal, each with its date, and a note where there are none. */
export function keptAnswers(reading: Reading<readonly KeptAnswer[]>): {
  readonly answers: readonly Diagnosis[]
  readonly notes: readonly string[]
} {
  if (reading.kind === 'found')
    return { answers: reading.value.map((one) => ({ ...one, what: datedWords(one) })), notes: [] }
  return { answers: [], notes: [missing(reading)] }
}

/** Returns the words of kept answers for the end of another page: the broken ones, each with its date. */
export function doctorNote(reading: Reading<readonly KeptAnswer[]>): string {
  if (reading.kind !== 'found') return `${alert('NOTE', text(missing(reading)))}\n`
  const notWell = reading.value.filter(({ health }) => health === 'ill' || health === 'beware')
  const newest =
    reading.value
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? ''
  if (notWell.length === 0)
    return `Doctor: your GitHub answered ${counted(reading.value.length, 'question')}, last on ${newest.slice(0, 10)}; nothing is broken.\n`
  return `${alert('WARNING', ...notWell.map((one) => `${text(`${datedWords(one)} ${one.next}`.trim())} ${doctorDocs(one.question)}`))}\n`
}

const missing = (reading: Exclude<Reading<unknown>, { kind: 'found' }>): string =>
  reading.kind === 'unknown'
    ? `The answers of earlier doctors could not be read: ${reading.why.what}`
    : runTheDoctor()
