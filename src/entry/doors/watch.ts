import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { awaits } from '../../domain/question/pause.ts'
import { describeWave } from '../../domain/wave/wave.ts'
import { type Deed, type Watched, type Watchman, watchOver } from '../../pipeline/act/watch.ts'
import type { Doer } from '../../pipeline/lock/doer.ts'
import { recipeAt } from '../../pipeline/plan/config-there.ts'
import { policyText } from '../../pipeline/plan/survey.ts'
import type { Concluded } from '../../pipeline/run/drive.ts'
import { brokeOff } from '../../pipeline/run/execute.ts'
import { watchSummary } from '../../report/act/watch-summary.ts'
import { dutyInWords, overdueIn, watchInWords } from '../../report/act/watch-words.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import { outcomeSummary } from '../../report/outcome/outcome-summary.ts'
import type { Hands } from '../run/hands.ts'
import { forgetLock, rememberLock, rememberUnsaid } from '../run/remembered.ts'
import { voice } from '../run/wire.ts'
import { askAPerson } from '../tell/call-a-person.ts'
import { callByIssue } from '../tell/issue.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { viewOf } from '../tell/pages.ts'
import { addSummary } from '../tell/summary.ts'
import { takeOn } from '../tell/waves.ts'

/**
 * Watches every environment, or the named one; only then it runs commands, because only then the right
 * release is checked out.
 */
export async function watchDoor(hands: Hands<'watch'>): Promise<void> {
  const { inputs, ports, config, stop, app } = hands
  const source = await policyText(ports.repository, inputs.config)
  const { environment } = inputs
  const policies =
    environment === null ? config.readPolicies(source) : [config.readPolicy(source, environment)]
  const recipe: Watchman['recipe'] = (release, environment) =>
    recipeAt(ports.repository, config, release, { configPath: inputs.config, policy: source, environment })
  const watchman = {
    doer: theWatch(hands),
    stop,
    mayRun: environment !== null,
    beforeLock: rememberLock,
    recipe,
  }
  const all: Watched[] = []
  for (const policy of policies) {
    const watched = await watchOver(ports, policy.app ?? app, policy, watchman)
    all.push(await withWaves(hands, watched, policy))
    // Only one lock can be remembered: close it before another environment is touched.
    if (watched.deeds.some(isLockedStill)) break
    forgetLock()
  }
  rememberUnsaid(all.flatMap(({ deeds }) => deeds.flatMap(({ concluded }) => concluded?.unsaid ?? [])))
  await tell(hands, all)
  for (const { concluded } of all.flatMap(({ deeds }) => deeds))
    if (concluded !== null) await call(hands, concluded)
}

/** Starts what follows on a proven release: where it had to be kept for a time, only the clock can. */
async function withWaves(hands: Hands, watched: Watched, policy: EnvironmentPolicy): Promise<Watched> {
  if (watched.problem !== null || watched.live) return watched
  const waves = await takeOn(hands.ports, watched.app, policy)
  return { ...watched, corrected: [...watched.corrected, ...waves.map(describeWave)] }
}

/** The run that closes a broken-off deployment reports it. */
async function call(hands: Hands, { session, ending }: Concluded): Promise<void> {
  if (brokeOff(ending) !== null) return
  await callByIssue(hands, session.ledger, session.deployment)
}

/** Returns true if this run still holds the environment by the ledger: its post step closes it. */
const isLockedStill = ({ concluded }: Deed): boolean =>
  concluded !== null &&
  concluded.session.kept.deployment.holder !== null &&
  concluded.ending.kind === 'interrupted'

/** A scheduled run has the last editor of its file as actor, who has no part in it. */
const theWatch = ({ doer }: Hands): Doer => ({ run: doer.run, by: ['the watch'] })

async function tell(hands: Hands, all: readonly Watched[]): Promise<void> {
  const now = hands.ports.clock.now().toISOString()
  addSummary(watchSummary(all, now))
  for (const watched of all) {
    const { state, did, open } = watchInWords(watched, now)
    hands.ports.voice.line(logLine(`${watched.environment}: ${state}`))
    for (const words of did) hands.ports.voice.line(`  done: ${logLine(words)}`)
    for (const words of open) hands.ports.voice.line(`  left: ${logLine(words)}`)
    // The step fails, so that GitHub notifies people, as often as the clock comes.
    for (const words of watched.ledger === null ? [] : overdueIn(watched.ledger, now))
      voice.fail(`${watched.environment}: ${words}.`)
    await callAPerson(hands, watched)
  }
  tellOutputs({ outcome: 'watched', due: JSON.stringify(all.flatMap(dueOf)) })
}

/** The entry of a job's matrix: the job has the release checked out. */
const dueOf = ({ environment, due }: Watched) =>
  due === null
    ? []
    : [{ environment, release: due.release.tag, sha: due.release.sha, why: dutyInWords(due.duty) }]

/** Fails the step if a person must act: GitHub then notifies people about the scheduled workflow. */
async function callAPerson(hands: Hands, { environment, deeds, problem }: Watched): Promise<void> {
  for (const { duty, concluded } of deeds) {
    if (concluded === null) continue
    const { session, ending } = concluded
    addSummary(outcomeSummary(await viewOf(hands, session.ledger, session.deployment)))
    if (ending.kind === 'waiting' && awaits(ending.pause) !== 'time')
      await askAPerson(hands, environment, ending.pause)
    else voice.warning(`The watch saw to ${environment}`, dutyInWords(duty))
  }
  // Another run was faster: then it is seen to.
  if (problem === null || problem.code === 'lock-lost' || problem.code === 'environment-locked') return
  tellOutputs({ 'reason-code': problem.code })
  voice.fail(`${environment}: ${problem.what}\n${problem.why}\n${problem.next}`)
}
