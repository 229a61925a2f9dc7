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

/** Inputs by which a start sets something aside; the reasons are empty where nothing is. */
export interface Accepted {
  readonly redeploy: boolean
  readonly acknowledgeOlder: boolean
  readonly override: string
  readonly without: { readonly verified: string; readonly rehearsed: string }
}

/** Returns the end of the sentence about a start without a plan: its approver reads here alone what it sets aside. */
export function acceptedInWords({ redeploy, acknowledgeOlder, override, without }: Accepted): string {
  const reasons = { freeze: override, verified: without.verified, rehearsed: without.rehearsed }
  const words = [
    ...(redeploy ? ['redeploy'] : []),
    ...(acknowledgeOlder ? ['acknowledge-older'] : []),
    ...Object.entries(reasons).flatMap(([name, why]) => (why === '' ? [] : [`override-${name} (${why})`])),
  ]
  return words.length === 0 ? '' : `, with ${words.join(' and ')}`
}
