import type { Journal } from '../journal/journal.ts'

/** The approval of one person, which stands. */
export interface GivenApproval {
  readonly by: string
  readonly comment: string
  /** The question that it answers. */
  readonly pause: string
  /** ISO time in UTC. */
  readonly at: string
}

/** True if two logins are one person's: GitHub takes no notice of capitals. */
export const samePerson = (login: string, other: string): boolean =>
  login.toLowerCase() === other.toLowerCase()

/** Returns the approvals that stand in a deployment, oldest first: at most one a person, and none that was taken back. */
export function approvalsIn(journal: Journal): readonly GivenApproval[] {
  return journal.reduce<readonly GivenApproval[]>((given, event) => {
    const approves = event.kind === 'approved' || (event.kind === 'decided' && event.decision === 'approve')
    if (!approves && event.kind !== 'withdrawn') return given
    const others = given.filter(({ by }) => !samePerson(by, event.by))
    const { by, reason: comment, pause, at } = event
    return approves ? [...others, { by, comment, pause, at }] : others
  }, [])
}

/** Returns the approvals with which a deployment may begin; null before there are enough, and after one was taken back. */
export function approvalIn(journal: Journal): readonly GivenApproval[] | null {
  const last = journal.findLast(
    (event) => event.kind === 'withdrawn' || (event.kind === 'decided' && event.decision === 'approve'),
  )
  if (last?.kind !== 'decided') return null
  const counted = [last.by, ...(last.with ?? [])]
  return approvalsIn(journal).filter(({ by }) => counted.some((login) => samePerson(login, by)))
}

/** The approvers of a deployment, in the words of its record: `approved by alice: go; approved by bob`. */
export const approvalsInWords = (given: readonly Pick<GivenApproval, 'by' | 'comment'>[]): string =>
  given.map(({ by, comment }) => `approved by ${by}${comment === '' ? '' : `: ${comment}`}`).join('; ')
