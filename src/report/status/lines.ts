import { describeFailedHome } from '../../domain/detour/by-name/failed-home.ts'
import { describePair } from '../../domain/detour/own/pair.ts'
import { describeDetour, isOverdue } from '../../domain/detour/words.ts'
import { duration } from '../../domain/durations.ts'
import { describeOutcome } from '../../domain/journal/outcome.ts'
import { describeProgress } from '../../domain/journal/progress.ts'
import { keptInWords, leaseWords } from '../../domain/ledger/lease-words.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { describeUnfinished } from '../../domain/ledger/unfinished.ts'
import { failureOf } from '../../domain/question/pause.ts'
import { describeFeasibility } from '../../domain/release/feasibility.ts'
import { describeRelease } from '../../domain/release/release.ts'
import { type InstanceJudged, wantedInstead } from '../../domain/rolling/drift.ts'
import type { EnvironmentSeen, EnvironmentSighting } from '../../domain/rolling/environment-seen.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import { type Activity, activityOf } from '../../domain/shown/activity.ts'
import { describeSignal, type Signals } from '../../domain/signal/signal.ts'
import { deedInWords } from '../history/view.ts'
import { logLine } from '../outcome/log-lines.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { pendingLine } from '../schedule/in-words.ts'
import { between } from '../text/moments.ts'
import { engineLine, enginesIn } from './engines.ts'
import { wayBackOf } from './facts.ts'
import { lastDeployments } from './history.ts'
import { deviationInWords, sightingInWords } from './instances.ts'
import { isWrong, leaseIsOver, recordSentences, type StatusView } from './view.ts'

const mostInstances = 20

/** Returns the same for the log: a line an environment, with details below. */
export const statusLines = (view: StatusView): string[] =>
  view.environments.flatMap((environment) => {
    const [first = '', ...below] = linesOf(environment, view.now)
    return [logLine(`${environment.name}: ${first}`), ...below.map((line) => `  ${logLine(line)}`)]
  })

function linesOf({ memory, instances, records, signals }: EnvironmentSeen, now: string): string[] {
  if (memory.kind === 'unknown') return [`could not be asked: ${memory.failure.what}`]
  const { ledger } = memory
  const wanted = wantedInstead(ledger)
  const way = wayBackOf(ledger)
  return [
    servingLine(memory, instances, now),
    ...(wanted === null ? [] : [`is to serve ${describeRelease(wanted)}`]),
    ...signalLines(signals),
    ...underwayLines(memory),
    ...recordSentences(records),
    ...leaseLines(memory, now),
    ...detourLines(ledger, now),
    ...(ledger.pair === null ? [] : [describePair(ledger.pair)]),
    ...ledger.unfinished.map((one) => `stuck: ${describeUnfinished(one)}`),
    ...failedHomeLines(ledger),
    ...ledger.schedules.pending.map(pendingLine),
    ...instanceLines(instances),
    ...(way === null ? [] : [`rollback to ${way.release.tag}: ${describeFeasibility(way.feasibility)}`]),
    ...lastDeployments(ledger).map(pastLine),
  ]
}

function servingLine({ ledger: { serving } }: Memory, instances: EnvironmentSighting, now: string): string {
  if (serving === null) return 'serves nothing yet'
  const { release, since, deployment } = serving
  const age = duration(between(since, now))
  return `serves ${describeRelease(release)} since ${since} (${age}), by deployment ${deployment}; instances: ${sightingInWords(instances)}`
}

const detourLines = ({ detour }: Memory['ledger'], now: string): string[] =>
  detour === null ? [] : [`${describeDetour(detour)}${isOverdue(detour, now) ? '; it has expired' : ''}`]

const failedHomeLines = ({ failedHomes }: Memory['ledger']): string[] => failedHomes.map(describeFailedHome)

function underwayLines(memory: Memory): string[] {
  const { ledger, question, live } = memory
  const { deployment } = ledger
  if (deployment === null) return []
  const { number, plan, holder } = deployment
  const run = holder === null ? '' : `, ${holder.url}${live === false ? ' (gone)' : ''}`
  const lines = [
    `deployment ${number}, ${plan.mode} of ${plan.release.tag}: ${activityWords[activityOf(memory)]}, ${describeProgress(deployment)}${run}`,
  ]
  if (question === null) return lines
  const { id, step, options } = question
  const failure = failureOf(question)
  const expiry = expiryInWords(question, (iso) => iso)
  return [
    ...lines,
    `question ${id} at ${step}${failure === null ? '' : `: ${failure.what}`}`,
    `it takes ${options.join(', ')}${expiry === null ? '' : `. ${expiry}`}`,
  ]
}

/** A signal that is unknown is no quiet one. */
const signalLines = (signals: Signals): string[] =>
  signals.kind === 'quiet'
    ? []
    : signals.signals.map((signal) =>
        signal.kind === 'unknown'
          ? `unknown if halted: ${describeSignal(signal)}`
          : `halted: ${describeSignal(signal)}`,
      )

const activityWords: Readonly<Record<Activity, string>> = {
  idle: '',
  running: 'at work',
  waiting: 'waiting',
  interrupted: 'interrupted',
  unknown: 'held by a run of which it is unknown if it is live',
}

const leaseLines = ({ ledger }: Memory, now: string): string[] =>
  ledger.leases.map((lease) => {
    const { kind, since, until, deployment } = lease
    const { thing, taken } = leaseWords[kind]
    const lasts = leaseIsOver(lease, now) ? `its lease ran out at ${until}` : `its lease lasts until ${until}`
    const term = keptInWords(lease, ledger.detour) ?? lasts
    return `the ${thing} is ${taken} since ${since} by deployment ${deployment}; ${term}`
  })

function instanceLines(sighting: EnvironmentSighting): string[] {
  switch (sighting.kind) {
    case 'unknown':
      return [`the instances could not be asked: ${sighting.failure.what}`]
    case 'unasked':
      return []
    case 'seen': {
      const all = sighting.services.flatMap(({ name, instances }) =>
        instances.map((instance) => ({ service: name, instance })),
      )
      const shown = all.length > mostInstances ? all.filter(({ instance }) => isWrong(instance)) : all
      return [
        ...shown.map(({ service, instance }) => `${service}/${instance.name}: ${instanceInWords(instance)}`),
        ...enginesIn(sighting.services).map(({ name, engine }) => `${name}: ${engineLine(engine)}`),
        ...sighting.services.flatMap(({ name, unasked }) =>
          unasked === null ? [] : [`${name}: ${unasked}`],
        ),
      ]
    }
  }
}

/** `v1.3.0, healthy, in traffic` */
function instanceInWords(instance: InstanceJudged): string {
  if (isWrong(instance)) return deviationInWords(instance)
  const { version, healthy, inTraffic } = instance
  return [
    version.kind === 'found' ? version.value : `release not known (${version.why})`,
    healthy.kind === 'found' ? 'healthy' : `health not known (${healthy.why})`,
    inTraffic.kind === 'found' ? 'in traffic' : `traffic not known (${inTraffic.why})`,
  ].join(', ')
}

function pastLine(past: Past): string {
  const { number, release, outcome, by, endedAt } = past
  return `deployment ${number}, ${deedInWords(past)} of ${release.tag} by ${by.join(', ') || 'unknown actor'}, ended ${endedAt}: ${describeOutcome(outcome)}`
}
