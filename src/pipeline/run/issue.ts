import type { IssuePolicy } from '../../domain/config/issue-policy.ts'
import { Problem } from '../../domain/problem.ts'
import type { Telling } from '../../domain/schedule/issue.ts'
import type { IssuePlace, IssueWords, Ports } from '../ports.ts'

/** A text for the issue of an environment. */
export interface Tidings extends IssueWords {
  readonly place: IssuePlace
  readonly telling: Telling
  readonly policy: IssuePolicy
  /** The title of the issue, if one is opened. */
  readonly title: string
}

/** The issue that got the text. */
export interface Told {
  readonly issue: number
  readonly how: 'opened' | 'told' | 'closed'
}

/**
 * Opens the issue of an environment, adds to the open one, or closes it. A refusal of GitHub never fails a
 * deployment: it is a warning. Null if nothing was written.
 */
export async function tellIssue(
  { issues, voice }: Pick<Ports, 'issues' | 'voice'>,
  tidings: Tidings,
): Promise<Told | null> {
  if (tidings.telling === 'nothing') return null
  try {
    const [open] = await issues.open(tidings.place)
    if (open !== undefined) return await add(issues, open, tidings)
    return tidings.telling === 'opens' ? await create(issues, tidings) : null
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    const { code, what, why, next } = failure
    // GitHub names the permission of this one request; the issue needs reading first, then writing.
    const whole = code === 'permission-missing' ? ' All of it takes `issues: write`.' : ''
    voice.warning(
      'The issue is behind',
      `${what} ${why} ${next}${whole} Nothing else is wrong: the ledger and the record have it right.`,
    )
    return null
  }
}

async function add(issues: Ports['issues'], issue: number, tidings: Tidings): Promise<Told> {
  await issues.comment(issue, tidings)
  if (tidings.telling !== 'closes') return { issue, how: 'told' }
  await issues.close(issue, 'completed')
  return { issue, how: 'closed' }
}

/** Two runs that open an issue at the same moment both read again, and both keep the older one. */
async function create(issues: Ports['issues'], tidings: Tidings): Promise<Told> {
  const { place, title, policy } = tidings
  const made = await issues.create(place, { ...tidings, title, ...policy })
  const [oldest = made] = await issues.open(place)
  if (oldest === made) return { issue: made, how: 'opened' }
  await issues.close(made, 'not_planned')
  return add(issues, oldest, tidings)
}
