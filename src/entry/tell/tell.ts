import { duration } from '../../domain/durations.ts'
import type { Journal } from '../../domain/journal/journal.ts'
import { suspensionIn } from '../../domain/ledger/lease.ts'
import { keptInWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { obstacleInWords } from '../../domain/ledger/obstacle.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { describePlan } from '../../domain/plan/plan.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { approvalAskedFor } from '../../domain/question/gate.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { describeRelease, type Release } from '../../domain/release/release.ts'
import { shownPlan } from '../../domain/shown/shown-plan.ts'
import type { Answering } from '../../pipeline/act/admit.ts'
import type { Foreseen } from '../../pipeline/plan/foresee.ts'
import { brokeOff, type RunEnding } from '../../pipeline/run/execute.ts'
import type { Session } from '../../pipeline/run/session.ts'
import { outcomeSummary } from '../../report/outcome/outcome-summary.ts'
import { resultOf } from '../../report/outcome/result-output.ts'
import type { View } from '../../report/outcome/view.ts'
import { problemLine, problemSummary } from '../../report/text/problem-text.ts'
import type { Hands } from '../run/hands.ts'
import { voice, withoutSecrets } from '../run/wire.ts'
import { callAPerson, inWords } from './call-a-person.ts'
import { tellOutputs } from './outputs.ts'
import {
  alreadyDeployedPage,
  keptWaitingPage,
  type Planned,
  planPage,
  questionPage,
  questionView,
  viewOf,
  withForm,
} from './pages.ts'
import { addSummary } from './summary.ts'

/** Reports to people and workflows: summary, log, annotations, outputs, and the failure of the step. */

export async function tellPlan(hands: Hands, { plan, ledger, obstacle, signals }: Planned): Promise<void> {
  addSummary(await planPage(hands, { plan, ledger, obstacle, signals }))
  hands.ports.voice.line(
    `Planned: ${describePlan(plan)}, ${plan.steps.length} steps, digest ${plan.digest.slice(0, 12)}`,
  )
  for (const warning of plan.warnings) hands.ports.voice.warning('The plan warns', warning)
  tellOutputs({
    outcome: plan.refusals.length === 0 ? 'planned' : 'refused',
    plan: JSON.stringify(shownPlan(plan)),
    digest: plan.digest,
    mode: plan.mode,
    approval: approvalAskedFor(plan, ledger),
    ...(obstacle !== null && 'pause' in obstacle ? { pause: obstacle.pause.id } : {}),
    ...releaseOutputs(plan.release, plan.from),
  })
}

/** Reports that no plan was made: an open deployment has to end first. */
export async function tellKeptWaiting(
  hands: Hands,
  kept: Extract<Foreseen, { kind: 'kept-waiting' }>,
): Promise<void> {
  const { ledger, obstacle } = kept
  const words = await withForm(hands, obstacleInWords(obstacle, ledger), obstacle)
  addSummary(await keptWaitingPage(hands, kept))
  const pause = 'pause' in obstacle ? obstacle.pause.id : ''
  tellOutputs({ outcome: 'refused', 'reason-code': words.code, pause })
  voice.fail(problemLine(words))
}

export function tellAlreadyDeployed({ ports }: Hands, environment: string, release: Release): void {
  const words = `${describeRelease(release)} serves ${environment} already; nothing was done.`
  ports.voice.line(`${words} To bring back instances that do not serve it, set redeploy: true.`)
  addSummary(alreadyDeployedPage(environment, release))
  tellOutputs({ outcome: 'already-deployed', ...releaseOutputs(release, release) })
}

/** Shows an open question before its answer is approved. */
export async function tellQuestion(
  hands: Hands,
  ledger: Ledger,
  deployment: Underway,
  pause: Pause,
  answer: Answering | null = null,
): Promise<void> {
  const view = await questionView(hands, ledger, deployment, pause)
  addSummary(await questionPage(hands, ledger, deployment, pause, answer))
  tellResult(hands, view)
}

export async function tellEnding(hands: Hands, session: Session, ending: RunEnding): Promise<void> {
  const problem = brokeOff(ending)
  if (problem !== null) await tellBroken(hands, session, problem)
  else await tellWorked(hands, session, ending)
}

async function tellWorked(hands: Hands, session: Session, ending: RunEnding): Promise<void> {
  const view = await viewOf(hands, session.ledger, session.deployment)
  addSummary(outcomeSummary(view))
  tellResult(hands, view)
  tellEffort(hands, ending)
  tellScheduler(hands, session.ledger)
  await callAPerson(hands, view, ending)
}

/**
 * The page shows the state that this run knows, saved or not: a changed instance is changed. An unsaved end
 * does not count, because the next run has to reach it again.
 */
async function tellBroken(hands: Hands, session: Session, problem: Problem): Promise<void> {
  const { ledger } = session.kept
  const at = hands.ports.clock.now().toISOString()
  const known = session.journal.filter(({ kind }) => kind !== 'ended' && kind !== 'interrupted')
  const journal: Journal = [...known, { at, kind: 'interrupted', cause: 'broke-off' }]
  const view = await viewOf(hands, ledger, { ...session.deployment, journal })
  addSummary(problemSummary(withoutSecrets(problem.words)))
  tellResult(hands, view)
  tellOutputs({ 'reason-code': problem.code })
  tellEffort(hands, { kind: 'interrupted', problem })
  // The run that took the lock over reports its own work.
  if (problem.code !== 'lock-lost') {
    addSummary(outcomeSummary(view))
    tellScheduler(hands, ledger)
  }
  voice.fail(`${problemLine(problem)}${unwritten(session.unsaved)}`)
}

const unwritten = (events: readonly string[]): string =>
  events.length === 0 ? '' : `\nWhat the ledger does not know yet: ${events.join(', ')}.`

function tellEffort(hands: Hands, ending: RunEnding): void {
  const took = duration(hands.ports.clock.now().getTime() - hands.startedAt.getTime())
  hands.ports.voice.line(`${inWords(ending)}; ${took}, ${hands.requests()} requests to GitHub`)
}

export async function tellClosing(hands: Hands, session: Session, ending: RunEnding): Promise<void> {
  const view = await viewOf(hands, session.ledger, session.deployment)
  addSummary(outcomeSummary(view))
  hands.ports.voice.line(inWords(ending))
  tellScheduler(hands, session.ledger)
}

/** Every run that leaves the scheduler suspended says so, and who may resume it. */
function tellScheduler({ ports }: Hands, ledger: Ledger): void {
  const suspension = suspensionIn(ledger)
  if (suspension === null) return
  const { since, until, deployment } = suspension
  const term = keptInWords(suspension, ledger.detour) ?? `from ${until} on any run may resume it`
  ports.voice.warning(
    'The scheduler is still suspended',
    `No new job starts since ${since}, by deployment ${deployment}; ${term}.`,
  )
}

/** Anything thrown, as words for the log; its outputs and its page are written on the way. */
export function tellProblem(thrown: unknown): { readonly code: string; readonly text: string } {
  const problem = problemOf(thrown)
  addSummary(problemSummary(withoutSecrets(problem)))
  tellOutputs({
    'reason-code': problem.code,
    ...(problem.code === 'unexpected' ? {} : { outcome: 'refused' }),
  })
  if (problem.code === 'unexpected' && thrown instanceof Error && thrown.stack !== undefined)
    voice.line(thrown.stack)
  return { code: problem.code, text: problemLine(problem) }
}

function problemOf(thrown: unknown): ProblemWords {
  if (thrown instanceof Problem) return thrown.words
  return {
    code: 'unexpected',
    what: `Rollgate itself went wrong: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    why: 'This is a mistake in Rollgate, not in your deployment.',
    next: 'Look at the last deployment of the environment, and report this with the log.',
  }
}

function tellResult({ inputs }: Hands, view: View): void {
  const result = resultOf(view)
  tellOutputs({
    outcome: result.outcome,
    'reason-code': result['reason-code'] ?? '',
    mode: result.mode,
    ...releaseOutputs(view.plan.release, view.plan.from),
    'deployment-id': result.deployment.record === null ? '' : String(result.deployment.record),
    pause: result.pause?.id ?? '',
    result: JSON.stringify({ ...result, command: inputs.command }),
  })
}

const releaseOutputs = (release: Release, previous: Release | null) => ({
  release: release.tag,
  sha: release.sha,
  'previous-release': previous?.tag ?? '',
})
