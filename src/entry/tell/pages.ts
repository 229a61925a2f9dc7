import type { Journal } from '../../domain/journal/journal.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { type Obstacle, obstacleInWords } from '../../domain/ledger/obstacle.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { absent } from '../../domain/reading.ts'
import { describeRelease, type Release } from '../../domain/release/release.ts'
import type { Answering } from '../../pipeline/act/admit.ts'
import type { Foreseen } from '../../pipeline/plan/foresee.ts'
import type { View } from '../../report/outcome/view.ts'
import { type ChangesView, goesBack } from '../../report/plan/changes-in-words.ts'
import { planSummary } from '../../report/plan/plan-summary.ts'
import { answerPage, openQuestion } from '../../report/question/answer-page.ts'
import { pauseMessage } from '../../report/question/pause-message.ts'
import { problemSummary } from '../../report/text/problem-text.ts'
import type { Hands } from '../run/hands.ts'
import { withoutSecrets } from '../run/wire.ts'

/** The pages of a plan and of a question, for the summary of a job and for a terminal. */

export type Planned = Extract<Foreseen, { kind: 'planned' }>

/** Returns the page of a plan. */
export async function planPage(
  hands: Hands,
  { plan, ledger, obstacle, signals }: Omit<Planned, 'kind'>,
): Promise<string> {
  const changes = await changesOf(hands, plan)
  const question = await questionOf(hands, ledger, obstacle)
  return planSummary(plan, {
    ledger,
    by: hands.runner.by,
    form: hands.forms.own,
    signals: withoutSecrets(signals),
    ...(changes === null ? {} : { changes }),
    ...(question === null ? {} : { question }),
  })
}

/** Reads the commits between the two releases: those that come, or those that a rollback takes away. */
async function changesOf({ runner, ports }: Hands, plan: Plan): Promise<ChangesView | null> {
  const { from, release } = plan
  if (from === null) return null
  const [base, head] = goesBack(plan) ? [release.sha, from.sha] : [from.sha, release.sha]
  const url = `${runner.serverUrl}/${runner.repository}/compare/${base}...${head}`
  const between = plan.commits === 0 ? absent : await ports.repository.commitsBetween(base, head)
  return { url, between: withoutSecrets(between) }
}

/** Returns the page of a deployment that has to end before another is planned. */
export async function keptWaitingPage(
  hands: Hands,
  { ledger, obstacle }: Extract<Foreseen, { kind: 'kept-waiting' }>,
): Promise<string> {
  const words = await withForm(hands, obstacleInWords(obstacle, ledger), obstacle)
  const question = await questionOf(hands, ledger, obstacle)
  return `${problemSummary(withoutSecrets(words))}\n${question ?? ''}\n`
}

export const alreadyDeployedPage = (environment: string, release: Release): string =>
  `## Already deployed\n\n${describeRelease(release)} serves ${environment} already; nothing was done.\n`

/** Returns the page of an open question, and of the answer that is given to it. */
export async function questionPage(
  hands: Hands,
  ledger: Ledger,
  deployment: Underway,
  pause: Pause,
  answer: Answering | null = null,
): Promise<string> {
  const view = await questionView(hands, ledger, deployment, pause)
  const shown = withoutSecrets(pause)
  return answer === null ? pauseMessage(view, shown) : answerPage(view, shown, answer)
}

/** Returns the data of a deployment with a question, also where its run was lost before it had asked. */
export function questionView(
  hands: Hands,
  ledger: Ledger,
  deployment: Underway,
  pause: Pause,
): Promise<View> {
  const at = hands.ports.clock.now().toISOString()
  const asked = standing(deployment.plan, deployment.journal).pause !== null
  const journal: Journal = asked ? deployment.journal : [...deployment.journal, { at, kind: 'paused', pause }]
  return viewOf(hands, ledger, { ...deployment, journal })
}

/** The question that an obstacle asks, as a part of a page; null where it asks none. */
const questionOf = async (hands: Hands, ledger: Ledger, obstacle: Obstacle | null): Promise<string | null> =>
  obstacle !== null && 'pause' in obstacle
    ? openQuestion(await viewOf(hands, ledger, obstacle.underway), obstacle.pause)
    : null

/** Names the form in a refusal that an answer would lift. */
export const withForm = async (
  hands: Hands,
  words: ProblemWords,
  obstacle: Obstacle | null,
): Promise<ProblemWords> =>
  obstacle !== null && 'pause' in obstacle
    ? { ...words, next: `${words.next} Its form: ${(await hands.forms.find()).url}` }
    : words

/** Returns the data of the reports. */
export async function viewOf(
  { runner, ports, forms }: Hands,
  ledger: Ledger,
  { plan, journal }: Underway,
): Promise<View> {
  const asks = standing(plan, journal).pause !== null
  return {
    ...withoutSecrets({ plan, journal, ledger }),
    run: runner.run.url,
    now: ports.clock.now().toISOString(),
    form: asks ? await forms.find() : forms.own,
  }
}
