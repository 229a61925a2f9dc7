import type { IssueCause } from '../../domain/config/issue-policy.ts'
import { nameOfWay } from '../../domain/notify/notice-rule.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { code, shorten } from '../text/markdown.ts'

/** Names the logins that a plan would mention in an issue, and the occasions; null without an issue. */
export function callingInWords({ environment: { issues } }: Plan): string | null {
  if (issues === null) return null
  const when = issues.on.map((cause) => causes[cause]).join(' or ')
  const who = issues.assignees.length === 0 ? '' : `, for ${issues.assignees.map(code).join(', ')}`
  return `An issue is opened when it ${when}${who}; the next success closes it.`
}

/** Names the commands and addresses that are told of a plan's deployment; null where there is none. */
export function notifyInWords({ environment: { notify } }: Plan): string | null {
  if (notify.length === 0) return null
  const told = notify.map(({ on, by }) => `${code(shorten(nameOfWay(by), 80))} (${on.join(', ')})`)
  return `Told of it: ${told.join('; ')}. That changes no outcome.`
}

const causes: Readonly<Record<IssueCause, string>> = {
  failed: 'fails',
  waiting: 'waits for a decision after a failure',
}
