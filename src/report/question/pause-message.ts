import { countApprovals, neededBy, ruleOf } from '../../domain/question/gate.ts'
import { failureOf, type Pause, type Question } from '../../domain/question/pause.ts'
import { handOverStep } from '../../domain/step/steps-in.ts'
import { compatibilityAlert } from '../outcome/compatibility-alert.ts'
import { evidenceOf } from '../outcome/evidence-table.ts'
import { failureToAnswer } from '../outcome/failure-in-full.ts'
import { leaseAlerts } from '../outcome/lease-alerts.ts'
import { warningsAlert } from '../outcome/overridden.ts'
import { standingOf, type View } from '../outcome/view.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { planSummary } from '../plan/plan-summary.ts'
import { deploymentTitle } from '../plan/title.ts'
import { verdictLine } from '../plan/verdict-line.ts'
import { alert, blocks, code, details, link, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import { answersTable, howToAnswer } from './answers.ts'
import { approvalsInWords, approversInWords } from './approvals-in-words.ts'
import { headline } from './headline.ts'
import { inspectionInWords } from './inspection-in-words.ts'
import { inBrief } from './pause-line.ts'
import { situation } from './situation.ts'
import { sayThatAllBake, sayThatItBakes } from './watched-page.ts'

/**
 * Returns the message of a question, for a person who wakes up to it: the event, the state, and the ways to
 * answer.
 */
export function pauseMessage(view: View, pause: Pause): string {
  switch (pause.kind) {
    case 'approval':
      return askForApproval(view, pause)
    case 'wait':
      return sayThatItBakes(view, pause)
    case 'bake':
      return sayThatAllBake(view, pause)
    case 'inspection':
    case 'revert-inspection':
    case 'failed-step':
    case 'failed-instances':
    case 'no-capacity':
    case 'verdict':
    case 'halt':
      return askForDecision(view, pause)
  }
}

function askForDecision(view: View, pause: Exclude<Question, { kind: 'approval' }>): string {
  return onePage([
    { text: `## ⏸️ ${deploymentTitle(view.plan)}: ${headline(pause)}` },
    { text: blocks(inBrief(view, pause), untilThen(view, pause)) },
    { text: 'links' in pause ? inspectionInWords(view, pause) : '' },
    { text: toldBy(view, pause) },
    { text: evidenceOf(view, pause.step) ?? '' },
    { text: compatibilityAlert(view, pause) ?? '' },
    { text: leaseAlerts(view) ?? '' },
    { text: blocks('### What you can answer', answersTable(view.plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
    { text: blocks('### Where it stands', warningsAlert(view), situation(view, pause)) },
  ])
}

/** The failure of a question. Where a table shows what a verdict stands on, its lines would say it twice. */
function toldBy(view: View, pause: Exclude<Question, { kind: 'approval' }>): string {
  const { step } = pause
  const failure = failureOf(pause)
  if (failure === null) return ''
  const shown = evidenceOf(view, step) !== null && failure.code.startsWith('test-bed-')
  return failureToAnswer(shown ? { ...failure, tail: [] } : failure)
}

function askForApproval(view: View, pause: Pause): string {
  const rule = ruleOf(view.plan)
  const who =
    rule.kind === 'named'
      ? `${approversInWords(rule)} ${neededBy(rule) > 1 ? 'decide' : 'decides'}${rule.notSelf ? ', but not the requester' : ''}.`
      : ''
  const count = countApprovals(view)
  return onePage([
    { text: `## ⏸️ ${deploymentTitle(view.plan)}: waiting for approval` },
    { text: verdictLine(view.plan, view.ledger) },
    {
      text: blocks(
        `**Nothing was deployed**, and no command of the release has run. ${who}`.trim(),
        count && approvalsInWords(count),
        deadline(pause),
        leaseAlerts(view),
        warningsAlert(view),
      ),
    },
    ...view.plan.refusals.map(({ what }) => ({ text: alert('CAUTION', `**${text(what)}**`) })),
    { text: blocks('### What you can answer', answersTable(view.plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
    {
      text: details('The plan', planSummary(view.plan, { ledger: view.ledger }).trim()),
      optional: `the plan: see ${link('the run', view.run)}`,
    },
  ])
}

/** An engine that is neither held nor paused may roll on: its replicas get ready, or another author's rollout ends. */
function untilThen(view: View, pause: Pause): string {
  const { form, plan } = view
  const expiry = deadline(pause)
  const where = form === null ? '' : ` question ${code(pause.id)} with ${link('the form', form.url)}`
  const still =
    handOverStep(plan.steps, pause.step) !== null ? 'Rollgate changes nothing more' : 'Nothing more changes'
  const meanwhile = rollsOn(view, pause) ? ' The engine itself is not stopped.' : ''
  return `${still} until a person answers${where}.${meanwhile}${expiry === null ? '' : ` ${expiry}`}`
}

const rollsOn = (view: View, { step }: Pause): boolean =>
  handOverStep(view.plan.steps, step) !== null &&
  !['held', 'paused'].includes(standingOf(view).engines.get(step)?.seen?.phase ?? '')

function deadline(pause: Pause): string | null {
  const words = expiryInWords(pause, (iso) => `**${moment(iso)}**`, code)
  return words === null ? null : `${words}.`
}
