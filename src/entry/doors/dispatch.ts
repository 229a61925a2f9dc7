import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { completeSoaked, notSoaked, type SoakLooked } from '../../pipeline/act/complete-soaked.ts'
import { type Dispatched, dispatch } from '../../pipeline/act/dispatch.ts'
import { policyText } from '../../pipeline/plan/survey.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import {
  type DispatchView,
  dispatchLines,
  dispatchResult,
  dispatchSummary,
  endedInWords,
} from '../../report/schedule/dispatch-report.ts'
import { soakInWords, soakSummary } from '../../report/schedule/soak-words.ts'
import { problemLine } from '../../report/text/problem-text.ts'
import type { Hands } from '../run/hands.ts'
import { voice } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { callWhoAsked } from '../tell/schedule-issue.ts'
import { addSummary } from '../tell/summary.ts'

/** Hands due schedules to the next job of this run, and reports missed ones. It deploys nothing itself. */
export async function dispatchDoor(hands: Hands<'dispatch'>): Promise<void> {
  const { inputs, ports, config, app, doer, runner } = hands
  const source = await policyText(ports.repository, inputs.config)
  const { environment } = inputs
  const policies =
    environment === null ? config.readPolicies(source) : [config.readPolicy(source, environment)]
  const environments: Looked[] = []
  for (const policy of policies) environments.push(await look(ports, policy.app ?? app, policy, doer))
  const view: DispatchView = { environments, run: runner.run.url, now: ports.clock.now().toISOString() }
  for (const line of dispatchLines(view)) ports.voice.line(line)
  addSummary(dispatchSummary(view))
  tellSoaks(hands, environments)
  const due = environments.flatMap(dueOf)
  tellOutputs({
    outcome: 'dispatched',
    due: JSON.stringify(due),
    result: JSON.stringify(dispatchResult(view)),
  })
  for (const dispatched of environments) callAPerson(dispatched)
  for (const dispatched of environments) await callThoseWhoAsked(hands, dispatched)
}

interface Looked extends Dispatched {
  readonly policy: EnvironmentPolicy
  readonly soak: SoakLooked
}

/** A schedule comes first: the next look finds a migration that has soaked. */
async function look(
  ports: Hands<'dispatch'>['ports'],
  app: string,
  policy: EnvironmentPolicy,
  doer: Hands<'dispatch'>['doer'],
): Promise<Looked> {
  const dispatched = await dispatch(ports, app, policy, doer)
  const free = dispatched.due === null && dispatched.problem === null
  return { policy, ...dispatched, soak: free ? await completeSoaked(ports, app, policy, doer) : notSoaked }
}

function tellSoaks({ ports }: Hands<'dispatch'>, environments: readonly Looked[]): void {
  const views = environments.map(({ environment, soak }) => ({ environment, ...soak }))
  for (const words of views.flatMap((view) => soakInWords(view) ?? [])) ports.voice.line(logLine(words))
  const page = soakSummary(views)
  if (page !== null) addSummary(page)
}

/** The entry of a job's matrix: the job has the release checked out. */
const dueOf = ({ environment, due, soak: { id, turn } }: Looked) => [
  ...(due === null
    ? []
    : [{ environment, release: due.release.tag, sha: due.release.sha, schedule: due.id }]),
  ...(id === null || turn.kind !== 'due'
    ? []
    : [{ environment, release: turn.release.tag, sha: turn.release.sha, schedule: id }]),
]

/** Fails the step once, when the end is written down: GitHub then notifies people about the scheduled workflow. */
function callAPerson({ environment, ended, problem }: Dispatched): void {
  for (const schedule of ended) {
    const { end } = schedule
    voice.error(`${schedule.id} of ${environment} was ${end.kind}`, endedInWords(schedule, environment))
    tellOutputs({ 'reason-code': end.kind === 'refused' ? end.problem.code : 'schedule-missed' })
    process.exitCode = 1
  }
  if (problem === null) return
  voice.error(`The schedules of ${environment} could not be looked at`, problemLine(problem))
  tellOutputs({ 'reason-code': problem.code })
  process.exitCode = 1
}

/** The page names the requester but is sent to no one, so the issue mentions them. */
async function callThoseWhoAsked(hands: Hands, { policy, ended, ledger }: Looked): Promise<void> {
  if (ledger !== null) for (const schedule of ended) await callWhoAsked(hands, policy, { schedule, ledger })
}
