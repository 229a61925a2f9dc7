import { blocks, text } from '../text/markdown.ts'

/** The next job of a form, before it runs. */
export interface Announcement {
  /** Its work: a verb in the present tense, and its object. */
  readonly does: string
  readonly reason: string
}

/** The page of a look whose job writes the ledger, or is planned only when it begins. */
export const announcementSummary = ({ does, reason }: Announcement): string =>
  `${blocks(
    '## The form is right',
    `The next job **${text(does)}**.`,
    reason === '' ? null : `Reason: ${text(reason)}`,
  )}\n`
