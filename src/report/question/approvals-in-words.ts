import type { NamedRule } from '../../domain/config/policy.ts'
import { type ApprovalCount, neededBy } from '../../domain/question/gate.ts'
import { blocks, code, counted, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

/** Returns the people who must approve, without an end: `Two of ...`, or `One of ...`. */
export function approversInWords(rule: NamedRule): string {
  const needed = neededBy(rule)
  const many = needed === 1 ? 'One' : `**${needed} different people**`
  return `${many} of ${rule.from.map(code).join(', ')}`
}

/** Shows who has approved and who is missing; null where one approval is enough. */
export function approvalsInWords({ given, needed, others }: ApprovalCount): string | null {
  if (needed === 1) return null
  const missing = Math.max(0, needed - given.length)
  const rest =
    missing === 0
      ? 'A further approval counts all of them again by the policy of that moment.'
      : `${counted(missing, 'approval')} missing, of ${others.map(code).join(', ') || 'no further person: the config names too few people'}.`
  return blocks(
    `**${Math.min(given.length, needed)} of ${needed} have approved.** ${rest}`,
    given.length === 0
      ? null
      : table(
          ['approved by', 'when', 'why'],
          given.map(({ by, at, comment }) => [text(by), moment(at), text(comment) || '–']),
        ),
  )
}

/** The approvals on one line of a log: `1 of 2 approved (bob), missing: one of alice, acme/releasers`. */
export function approvalsLine({ given, needed, others }: ApprovalCount): string | null {
  if (needed === 1) return null
  const names = given.length === 0 ? '' : ` (${given.map(({ by }) => by).join(', ')})`
  return `${given.length} of ${needed} approved${names}, missing: ${Math.max(0, needed - given.length)} of ${others.join(', ')}`
}
