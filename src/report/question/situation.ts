import { leaseIn, suspensionIn } from '../../domain/ledger/lease.ts'
import { capacityOf, instancesOf, type Pause } from '../../domain/question/pause.ts'
import { suspendStep } from '../../domain/step/steps-in.ts'
import { standingOf, type View } from '../outcome/view.ts'
import { logsLink } from '../text/logs-link.ts'
import { code, link, table } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

export function situation(view: View, pause: Pause): string {
  const { plan, ledger } = view
  const now = standingOf(view)
  const asked = view.journal.findLast((event) => event.kind === 'paused' && event.pause.id === pause.id)
  const place = plan.steps.findIndex(({ id }) => id === pause.step) + 1
  const rows = [
    ['environment', code(plan.environment.name)],
    ['deployment', `${now.number}, ${link('its run', runThatAsked(view, pause))}`],
    ['question', `${code(pause.id)}${asked === undefined ? '' : `, since ${moment(asked.at)}`}`],
    [
      'step',
      `${code(pause.step)} (${place} of ${plan.steps.length})${now.direction.to === 'old' ? ', going back' : ''}`,
    ],
  ]
  const [instances, capacity] = [instancesOf(pause), capacityOf(pause)]
  if (instances.length > 0) rows.push(['instances', instances.map(code).join(', ')])
  if (capacity !== null) {
    const { available, total, floor } = capacity
    rows.push(['capacity left', `**${available} of ${total}** available, ${floor} must stay`])
  }
  if (suspendStep(plan.steps) !== null)
    rows.push(['scheduler', suspensionIn(ledger) === null ? 'not suspended' : '**suspended**'])
  if (leaseIn(ledger, 'maintenance') !== null) rows.push(['maintenance page', '**shown**'])
  const logs = logsLink(plan)
  if (logs !== '') rows.push(['to be looked at', logs])
  const [first = [], ...others] = rows
  return table(first, others)
}

/** The run that worked on the deployment when the question came up: another one may show it. */
function runThatAsked({ journal, run }: View, { id }: Pause): string {
  const asked = journal.findIndex((event) => event.kind === 'paused' && event.pause.id === id)
  const before = asked < 0 ? journal : journal.slice(0, asked)
  const last = before.findLast((event) => event.kind === 'opened' || event.kind === 'resumed')
  return last !== undefined && 'run' in last ? last.run.url : run
}
