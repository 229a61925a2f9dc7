import type { Diagnosis } from '../../domain/doctor/health.ts'
import { alert, blocks, counted, table, text } from '../text/markdown.ts'

const marks = { well: '✅', ill: '❌', unknown: '❔', beware: '⚠️' } as const

/** Returns the answers of a doctor as a page, the ill ones first. `docs`: the address of a question's section. */
export function doctorPage(
  answers: readonly Diagnosis[],
  at: string,
  docs: (question: string) => string,
): string {
  const order = ['ill', 'unknown', 'beware', 'well'] as const
  const sorted = order.flatMap((health) => answers.filter((one) => one.health === health))
  const [ill, unknown] = order.map((health) => answers.filter((one) => one.health === health).length)
  const rows = sorted.map(({ question, subject, health, what, next }) => [
    marks[health],
    text(subject ?? question),
    text(`${what} ${next}`.trim()),
    health === 'well' ? '' : text(docs(question)),
  ])
  return `${blocks(
    `## ${counted(ill ?? 0, 'problem')}, ${unknown} unknown`,
    `GitHub answered at ${at}.`,
    table(['', 'about', 'answer', 'more'], rows),
    alert(
      'NOTE',
      'Only a job can tell whether the secret arrives, whether approvals of this run are recorded, whether the ledger can be written, and which version the runner has.',
    ),
  )}\n`
}
