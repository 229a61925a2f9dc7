import { leaseIn, suspensionIn } from '../../domain/ledger/lease.ts'
import { describeDecision } from '../../domain/question/consequence.ts'
import { type Decision, decisions, type Failure } from '../../domain/question/decision.ts'
import { countApprovals, neededBy, ruleOf } from '../../domain/question/gate.ts'
import {
  capacityOf,
  type EnvironmentWait,
  failureOf,
  instancesOf,
  type Pause,
  type Question,
  takesAnswer,
  type Wait,
} from '../../domain/question/pause.ts'
import type { Step } from '../../domain/step/step.ts'
import { isHandOverStep, rollStep, suspendStep } from '../../domain/step/steps-in.ts'
import { answerFields } from '../form/answer-fields.ts'
import { formBlock } from '../form/form-block.ts'
import { compatibilityAlert } from '../outcome/compatibility-alert.ts'
import { evidenceOf } from '../outcome/evidence-table.ts'
import { failureToAnswer } from '../outcome/failure-in-full.ts'
import { leaseAlerts } from '../outcome/lease-alerts.ts'
import { warningsAlert } from '../outcome/overridden.ts'
import { standingOf, type View } from '../outcome/view.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { planSummary } from '../plan/plan-summary.ts'
import { stepInWords } from '../plan/steps-in-words.ts'
import { deploymentTitle } from '../plan/title.ts'
import { verdictLine } from '../plan/verdict-line.ts'
import { logsLink } from '../text/logs-link.ts'
import { alert, blocks, code, details, link, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import { approvalsInWords, approversInWords } from './approvals-in-words.ts'
import { inspectionInWords } from './inspection-in-words.ts'
import { inBrief } from './pause-line.ts'

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

/** An answer, as its form gives it. */
export interface GivenAnswer {
  readonly pause: string
  readonly decision: Decision
  readonly instances: readonly string[]
  readonly reason: string
  readonly by: string
}

/** Returns the page for the approver of an answer: the answer, the person, the reason, and the effect. */
export function answerPage(
  view: View,
  pause: Pause,
  { decision, instances, reason, by, ...answer }: GivenAnswer,
): string {
  const fits = answer.pause === pause.id && takesAnswer(pause, decision)
  const forWhat = instances.length === 0 ? '' : ` for ${instances.map(code).join(', ')}`
  const why = reason === '' ? 'no reason was given' : text(reason)
  return onePage([
    {
      text: `## ${fits ? '' : '❌ '}${text(by)} answers ${text(decision)}${forWhat}: ${deploymentTitle(view.plan)}`,
    },
    {
      text: table(
        ['answer', `${code(decision)}${forWhat}`],
        [
          ['by', text(by)],
          ['why', why],
          [
            'to',
            `pause ${code(answer.pause)}${answer.pause === pause.id ? '' : `, and ${code(pause.id)} waits`}`,
          ],
          [
            'what it does',
            fits
              ? consequence(view.plan, decision, pause)
              : `nothing: ${text(pause.withheld[decision] ?? 'it does not fit the question')}`,
          ],
        ],
      ),
    },
    { text: `### The question: ${headline(pause)}` },
    { text: failureText(pause) ?? '' },
    { text: leaseAlerts(view) ?? '' },
    { text: warningsAlert(view) ?? '' },
    { text: situation(view, pause) },
    { text: details('All answers to this question', answersTable(view.plan, pause)) },
  ])
}

/** Returns the open question of another deployment, for the page of a deployment that has to wait for it. */
export const openQuestion = (view: View, pause: Pause): string =>
  blocks(
    `### The question that waits: ${deploymentTitle(view.plan)}, ${headline(pause)}`,
    failureText(pause),
    situation(view, pause),
    answersTable(view.plan, pause),
    howToAnswer(view, pause),
  )

function failureText(pause: Pause): string | null {
  const failure = failureOf(pause)
  return failure === null ? null : failureToAnswer(failure)
}

/** A bake asks no question; but a person who sees trouble may answer it. */
function sayThatItBakes(view: View, pause: Wait): string {
  const { plan } = view
  const step = rollStep(plan.steps, pause.step)
  const bed = step?.testBed ?? []
  const names = bed.map(code).join(', ')
  const then = moment(pause.until)
  const compared = step?.service.testBed?.compare != null
  const good =
    step?.service.testBed?.onSuccess === 'ask' ? 'a person is asked to go on' : 'the others are changed'
  const judged = compared
    ? `${names} is compared with the others: better or equal, ${good}; worse or inconclusive, a person is asked.`
    : `if ${names} still serves ${text(plan.release.tag)}, ${good}; if not, a person is asked.`
  return onePage([
    {
      text: `## ⏳ ${deploymentTitle(plan)}: ${names} ${bed.length > 1 ? 'are' : 'is'} watched until ${then}`,
    },
    {
      text: blocks(
        `${names} ${bed.length > 1 ? 'serve' : 'serves'} ${text(plan.release.tag)} alone; nothing else is changed until ${then}. From then on the watch workflow, or this run again, continues: ${judged}`,
        leaseAlerts(view),
        warningsAlert(view),
      ),
    },
    { text: situation(view, pause) },
    { text: blocks('### What you can answer meanwhile', answersTable(view.plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
  ])
}

function sayThatAllBake(view: View, pause: EnvironmentWait): string {
  const { plan } = view
  const then = moment(pause.until)
  const step = plan.steps.find(({ id }) => id === pause.step)
  const serves = `Every service has ${text(plan.release.tag)}; the record says success only after the watch.`
  return onePage([
    { text: `## ⏳ ${deploymentTitle(plan)}: the whole environment is watched until ${then}` },
    {
      text: blocks(
        `${serves} From ${then} on the watch workflow, or this run again, judges that time: within its limits the release counts as serving; otherwise ${otherwise(step)}.`,
        step === undefined ? null : stepInWords(plan, step).replaceAll('<br>', ' · '),
        logsLink(plan),
        leaseAlerts(view),
        warningsAlert(view),
      ),
    },
    { text: situation(view, pause) },
    { text: blocks('### What you can answer meanwhile', answersTable(plan, pause)) },
    { text: blocks('### How to answer', howToAnswer(view, pause)) },
  ])
}

const otherwise = (step: Step | undefined): string =>
  step !== undefined && 'onFailure' in step && step.onFailure === 'roll-back'
    ? 'it is taken back unasked, or a person is asked where there is no verdict'
    : 'a person is asked'

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

/** An engine may continue with a rollout meanwhile: its replicas get ready, or another author's rollout ends. */
function untilThen({ form, plan }: View, pause: Pause): string {
  const expiry = deadline(pause)
  const where = form === null ? '' : ` question ${code(pause.id)} with ${link('the form', form.url)}`
  const [still, meanwhile] = isHandOverStep(plan.steps, pause.step)
    ? ['Rollgate changes nothing more', ' The engine itself is not stopped.']
    : ['Nothing more changes', '']
  return `${still} until a person answers${where}.${meanwhile}${expiry === null ? '' : ` ${expiry}`}`
}

function deadline(pause: Pause): string | null {
  const words = expiryInWords(pause, (iso) => `**${moment(iso)}**`, code)
  return words === null ? null : `${words}.`
}

function headline(pause: Pause): string {
  switch (pause.kind) {
    case 'approval':
      return `${code(pause.step)} needs a decision`
    case 'wait':
      return 'its test bed is watched'
    case 'bake':
      return 'the whole environment is watched'
    case 'verdict':
      return verdictHeadlines[pause.failure.code] ?? 'the test bed could not be compared'
    case 'halt':
      return 'it is halted'
    case 'inspection':
      return 'it waits for an inspection'
    case 'revert-inspection':
      return 'going back, it waits for an inspection'
    case 'failed-instances':
      return `${firstOf(pause.instances)} ${instanceReasons[pause.failure.code] ?? shortReason(pause.failure)}`
    case 'failed-step':
    case 'no-capacity':
      return `${code(pause.step)} ${shortReason(pause.failure)}`
  }
}

const verdictHeadlines: Readonly<Record<string, string>> = {
  'test-bed-good': 'the test bed did well',
  'test-bed-worse': 'the test bed is worse than the others',
}

const firstOf = ([first = '', ...others]: readonly string[]): string =>
  `${code(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`

const shortReason = ({ code }: Failure): string => shortReasons[code] ?? 'failed'

/** The reasons that mean something else of an instance than of a step. */
const instanceReasons: Readonly<Record<string, string>> = {
  'not-compatible': 'does not suit the release that serves',
}

const shortReasons: Readonly<Record<string, string>> = {
  'capacity-floor': 'cannot continue without falling below the floor',
  'bake-failed': 'did not stay well',
  'bake-inconclusive': 'has no verdict',
  'engine-failed': 'was given up by its engine',
  'engine-late': 'took too long',
  'engine-paused': 'is paused on its engine',
  'engine-rolled-back': 'was taken back by its engine',
  'engine-scaled-to-zero': 'is scaled to zero',
  'engine-stuck': 'cannot go on by itself',
  'engine-superseded': 'met another rollout',
  'engine-unknown': 'cannot be seen on its engine',
  'command-timed-out': 'took too long',
  'instance-unhealthy': 'is not healthy',
  'not-compatible': 'found no safe rollback',
  'outcome-unknown': 'may or may not have finished',
  'progress-stalled': 'made no progress',
  'self-test-failed': 'failed its self test',
  'verify-failed': 'did not pass',
  'traffic-stuck': 'did not change its place in traffic',
  'version-wrong': 'runs the wrong release',
}

function situation(view: View, pause: Pause): string {
  const { plan, ledger } = view
  const now = standingOf(view)
  const asked = view.journal.findLast((event) => event.kind === 'paused' && event.pause.id === pause.id)
  const place = plan.steps.findIndex(({ id }) => id === pause.step) + 1
  const rows = [
    ['environment', code(plan.environment.name)],
    ['deployment', `${now.number}, ${link('its run', runThatAsked(view, pause))}`],
    ['pause', `${code(pause.id)}${asked === undefined ? '' : `, since ${moment(asked.at)}`}`],
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

/** Shows the possible answers, and the missing ones with the reason. */
function answersTable(plan: View['plan'], pause: Pause): string {
  const withheld = decisions.filter((decision) => pause.withheld[decision] !== undefined)
  return table(
    ['answer', 'what it does'],
    [
      ...pause.options.map((decision) => [code(decision), consequence(plan, decision, pause)]),
      ...withheld.map((decision) => [
        `~~${decision}~~`,
        `not possible: ${text(pause.withheld[decision] ?? '')}`,
      ]),
    ],
  )
}

function consequence(plan: View['plan'], decision: Decision, pause: Pause): string {
  const words = text(describeDecision(decision, pause, plan.steps))
  const accepted = pause.accepts?.[decision]
  if (accepted !== undefined) return `${words}; **needs a reason**: ${text(accepted)}`
  return decision === 'roll-back' ? `${words}; that takes back configuration and code, not data` : words
}

const howToAnswer = ({ form, plan }: View, pause: Pause): string =>
  blocks(
    form === null ? null : formBlock(form, answerFields(form.kind, plan.environment.name, pause)),
    pause.options.includes('withdraw')
      ? 'The first answer that ends the question counts, and it counts for this pause only.'
      : 'The first answer counts, and it counts for this pause only.',
  )
