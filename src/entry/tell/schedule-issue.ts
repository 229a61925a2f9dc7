import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { tellingOfSchedule } from '../../domain/schedule/issue.ts'
import { tellIssue } from '../../pipeline/run/issue.ts'
import type { JustEnded } from '../../pipeline/schedule/keeping.ts'
import { notBegunKey, notBegunText, notBegunTitle } from '../../report/schedule/issue.ts'
import type { Hands } from '../run/hands.ts'
import { toldInWords } from './issue.ts'

/**
 * Mentions the requester of a schedule that did not become a deployment, where the policy of its environment
 * says so.
 */
export async function callWhoAsked(
  { ports, runner }: Hands,
  { issues: policy }: Pick<EnvironmentPolicy, 'issues'>,
  { schedule, ledger }: JustEnded,
): Promise<void> {
  if (policy === undefined) return
  const view = { schedule, ledger, run: runner.run.url }
  const told = await tellIssue(ports, {
    place: ledger,
    telling: tellingOfSchedule(schedule.end, policy),
    policy,
    key: notBegunKey(view),
    title: notBegunTitle(view),
    text: notBegunText(view),
  })
  if (told !== null) ports.voice.line(`${schedule.id}: ${toldInWords(told)}`)
}
