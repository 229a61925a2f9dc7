import type { ApprovalRule } from '../../domain/config/policy.ts'
import { hasTwoPhases } from '../../domain/config/recipe.ts'
import { duration } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { ruleOf } from '../../domain/question/gate.ts'
import { describeFeasibility } from '../../domain/release/feasibility.ts'
import { describeRehearsal } from '../../domain/release/rehearsal.ts'
import { type Release, sameCommit } from '../../domain/release/release.ts'
import { describeVerification } from '../../domain/release/verification.ts'
import type { Signals } from '../../domain/signal/signal.ts'
import type { Step } from '../../domain/step/step.ts'
import { checkStep, migrateStep } from '../../domain/step/steps-in.ts'
import { traitsOf } from '../../domain/step/traits.ts'
import type { Form } from '../form/form.ts'
import { formBlock } from '../form/form-block.ts'
import { undertakingFields } from '../form/undertaking-fields.ts'
import { approversInWords } from '../question/approvals-in-words.ts'
import { callingInWords, notifyInWords } from '../question/calling-in-words.ts'
import { changesInWords, releasesTable, shortSha, triedBefore } from '../releases/in-words.ts'
import { outdatedAlert } from '../schedule/in-words.ts'
import { alert, blocks, code, counted, details, fenced, table, text, warningsBox } from '../text/markdown.ts'
import { onePage } from '../text/page.ts'
import { problemAlert } from '../text/problem-text.ts'
import { applicationStates } from './application-states.ts'
import { type ChangesView, changesInBrief } from './changes-in-words.ts'
import { askedInWords, permanentInWords } from './first-screen.ts'
import { modeWords } from './mode-words.ts'
import { servicesInWords } from './services-in-words.ts'
import { signalsInWords } from './signals-in-words.ts'
import { snapshotInWords } from './snapshot-in-words.ts'
import { commandsOf, isRoutine, stepInWords, undoInWords } from './steps-in-words.ts'
import { deploymentTitle } from './title.ts'
import { verdictLine } from './verdict-line.ts'
import { wavesAhead } from './waves-in-words.ts'

export interface PlanExtra {
  readonly changes?: ChangesView
  /** The ledger, for the serving release and earlier attempts. */
  readonly ledger?: Ledger
  /** The signals that were read; left out where none were. */
  readonly signals?: Signals
  /** True for a schedule: its plan is made anew later, and this one is only shown. */
  readonly later?: boolean
  /** The logins of the requesters. */
  readonly by?: readonly string[]
  /** The form that the run came from. */
  readonly form?: Form | null
  /** Markdown: the open question that keeps this plan waiting. */
  readonly question?: string
}

/** Returns the page for the approver: all changes, their risks, and the steps that cannot be undone. */
export function planSummary(plan: Plan, extra: PlanExtra = {}): string {
  return onePage([
    { text: `## ${refused(plan) ? '❌ ' : ''}${deploymentTitle(plan)}${refused(plan) ? ': refused' : ''}` },
    { text: verdictLine(plan, extra.ledger) },
    { text: guardInWords(plan.guard) ?? '' },
    { text: confirmation(plan, extra.form ?? null) ?? '' },
    ...plan.refusals.map((refusal) => ({ text: problemAlert(refusal) })),
    { text: extra.question ?? '' },
    {
      text: blocks(outdatedAlert(extra.ledger), triedBefore(plan, extra.ledger), warningsBox(plan.warnings)),
    },
    { text: signalsInWords(plan, extra.signals ?? { kind: 'quiet' }) ?? '' },
    { text: permanentInWords(plan) ?? '' },
    { text: askedInWords(plan, extra.by ?? [], extra.ledger) },
    { text: changesInBrief(plan, extra.changes) ?? '', optional: 'the titles of the commits' },
    { text: blocks('### What will be done', stepsTable(plan), routineTable(plan), leftOut(plan)) },
    {
      text: blocks(
        '### The releases',
        releasesTable(plan, extra.ledger),
        changesInWords(plan, extra.changes),
        verificationInWords(plan),
        rehearsalInWords(plan),
        snapshotInWords(plan.snapshot),
      ),
    },
    { text: variablesInWords(plan) ?? '' },
    { text: servicesInWords(plan) ?? '' },
    {
      text: blocks('### Who must approve', approvalInWords(plan), callingInWords(plan), notifyInWords(plan)),
    },
    { text: blocks('### Rollback', wayBackInWords(plan)) },
    { text: wavesAhead(plan) ?? '' },
    {
      text: details('The application, step by step', applicationStates(plan, extra.ledger)),
      optional: 'the application step by step',
    },
    { text: commandsInFull(plan), optional: 'the commands in full' },
    { text: digestInWords(plan, extra) },
  ])
}

/** A warning or a refusal already says it, so it is not said twice. */
const verificationInWords = ({ release, verification }: Plan): string | null =>
  verification?.kind === 'verified'
    ? `${text(release.tag)} is ${text(describeVerification(verification))}. The same commit comes here.`
    : null

/** The rehearsal, and if it is the way from here. */
function rehearsalInWords({ release, rehearsal, from }: Plan): string | null {
  if (rehearsal?.kind !== 'rehearsed') return null
  const here = sameCommit(rehearsal.to, from)
    ? ' It is what serves here.'
    : ' No deployment of the release that serves here is remembered there, so the rehearsal went to another release.'
  return `The rollback from ${text(release.tag)} is ${text(describeRehearsal(rehearsal))}.${from === null ? '' : here}`
}
/** Comes before everything else, because it must not be overlooked. */
const guardInWords = (guard: Plan['guard']): string | null =>
  guard === null
    ? null
    : alert(
        'CAUTION',
        '**This cannot be taken back.**',
        ...guard.reasons.map(text),
        guard.confirmed
          ? `It was confirmed by the word ${code(guard.words)}.`
          : `To confirm it, type ${code(guard.words)} into ${code('confirm')}.`,
      )

/** The values to type where a confirmation is missing. */
const confirmation = (plan: Plan, form: Form | null): string | null =>
  plan.guard === null || plan.guard.confirmed || form?.kind !== 'whole'
    ? null
    : formBlock(form, undertakingFields(plan))

const refused = ({ refusals }: Plan): boolean => refusals.length > 0

const stepsTable = (plan: Plan): string => {
  const telling = plan.steps.filter((step) => !isRoutine(step))
  return telling.length === 0 ? '' : tableOf(plan, telling)
}

/** The rows that tell nothing, folded, so that the others stand out. */
function routineTable(plan: Plan): string | null {
  const routine = plan.steps.filter(isRoutine)
  if (routine.length === 0) return null
  const names = routine.map(({ id }) => text(id)).join(', ')
  return details(`${counted(routine.length, 'step')} without a command: ${names}`, tableOf(plan, routine))
}

const tableOf = (plan: Plan, steps: readonly Step[]): string =>
  table(
    ['', 'step', 'what it does', 'users may notice', 'can it be undone?'],
    steps.map((step) => [
      String(plan.steps.indexOf(step) + 1),
      code(step.id),
      stepInWords(plan, step),
      traitsOf(step).impact ? '**yes**' : 'no',
      undoInWords(plan, step),
    ]),
  )

const leftOut = ({ omitted }: Plan): string | null =>
  omitted.length === 0
    ? null
    : `Left out:\n\n${omitted.map(({ kind, reason }) => `- ${code(kind)}: ${text(reason)}`).join('\n')}`

const variablesInWords = ({ requiresVariables: names }: Plan): string | null =>
  names.length === 0
    ? null
    : `Required variables, checked before the first step: ${names.map(code).join(', ')}.`

function approvalInWords(plan: Plan): string {
  const rule: ApprovalRule = ruleOf(plan)
  const place = code(plan.environment.name)
  switch (rule.kind) {
    case 'none':
      return `No approval: the config requires none for deployments to ${place}.`
    case 'reviewers':
      return rule.allowBypass
        ? `A required reviewer of the environment ${place}. An administrator may bypass that, and the report then says so.`
        : `A required reviewer of the environment ${place}. The deployment is refused if the environment has none, or without an approval.`
    case 'named': {
      const self = rule.notSelf ? ', but not the requester of this deployment' : ''
      return `${approversInWords(rule)}${self}. This cannot stop a person who may change the workflow itself.`
    }
  }
}

function wayBackInWords(plan: Plan): string {
  const { mode, wayBack, environment, release, from, steps } = plan
  const words = modeWords[mode]
  if (words.wayBack !== null) return words.wayBack(plan)
  const data = modes[mode].restores
    ? null
    : 'Going back takes back the configuration and the code, **not the data** that the application has written meanwhile.'
  const again =
    modes[mode].goesBack && from !== null
      ? `To return to ${text(from.tag)}, which serves now, deploy it again.`
      : null
  if (wayBack === null) return blocks(words.nothingBack(text(release.tag)), again)
  const { feasibility } = wayBack
  const verdict =
    feasibility.kind === 'crosses-contract' && feasibility.deployments.length === 0
      ? 'not safe: this deployment runs a contract migration, so that it needs a restore and loses what was written since'
      : describeFeasibility(feasibility)
  const target = `**${text(wayBack.release.tag)}** (${shortSha(wayBack.release)})`
  return blocks(
    `Once this is done, ${code(environment.name)} could go back to ${target}: ${text(verdict)}${ownMigration(steps, wayBack.release)}.`,
    again,
    data,
  )
}

/** The verdict is about the history; this deployment adds its own migration. */
function ownMigration(steps: Plan['steps'], target: Release): string {
  const migrate = migrateStep(steps)
  if (migrate?.phase !== 'expand' || hasTwoPhases(migrate)) return ''
  return checkStep(steps) !== null
    ? `; this deployment runs an expand migration, and then ${text(target.tag)}'s own checks on what it leaves`
    : `; this deployment runs an expand migration, which ${text(target.tag)} still works with`
}

function commandsInFull(plan: Plan): string {
  const commands = plan.steps.flatMap(commandsOf)
  if (commands.length === 0) return ''
  const lines = commands.flatMap(({ name, command }) => [
    `# ${name} (${command.shell}, ${duration(command.timeout)} at most)`,
    ...command.run.trimEnd().split('\n'),
    '',
  ])
  return details('The commands in full', fenced(lines.slice(0, -1), 'sh'))
}

function digestInWords(plan: Plan, { later = false }: PlanExtra): string {
  const promise = refused(plan)
    ? 'It is refused, and nothing of it is done.'
    : later
      ? 'This is how it looks now; at its time it is planned anew.'
      : 'This very plan is executed; if anything in it has moved by then, nothing is done.'
  return `Plan ${code(plan.digest.slice(0, 12))} for commit ${code(plan.release.sha)}. ${promise}`
}
