import { duration } from '../../domain/durations.ts'
import { suspensionIn } from '../../domain/ledger/lease.ts'
import { keptInWords } from '../../domain/ledger/lease-words.ts'
import type { EnvironmentSeen, EnvironmentSighting } from '../../domain/rolling/environment-seen.ts'
import { activityOf } from '../../domain/shown/activity.ts'
import { signalInWords } from '../plan/signals-in-words.ts'
import { alert, blocks, code, counted, details, link, table, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import { onePage, type Part } from '../text/page.ts'
import { isEngineRight } from './engines.ts'
import { activityWords, factsTable } from './facts.ts'
import { historyTable } from './history.ts'
import { seenInstances, sightingInWords } from './instances.ts'
import { markOf } from './marks.ts'
import { questionBox } from './question.ts'
import { isRight, leaseIsOver, recordSentences, type StatusView } from './view.ts'

/** Returns the page of a look: all environments at a glance, then each of them. */
export function statusSummary(view: StatusView): string {
  const { environments, now } = view
  const looked = `${counted(environments.length, 'environment')}, looked at ${moment(now)}`
  return onePage([
    { text: `## Status` },
    { text: environments.length === 0 ? 'The config has no environments.' : `${looked}.` },
    { text: environments.length === 0 ? '' : atAGlance(view) },
    ...environments.map((environment) => section(environment, view)),
  ])
}

const atAGlance = ({ environments, now }: StatusView): string =>
  table(
    ['', 'environment', 'serves', 'for', 'instances', 'under way', 'scheduler'],
    environments.map((environment) => [
      markOf(environment),
      `${code(environment.name)}${environment.class === environment.name ? '' : ` (${environment.class})`}`,
      ...remembered(environment, now),
    ]),
  )

function remembered({ memory, instances }: EnvironmentSeen, now: string): string[] {
  if (memory.kind === 'unknown') return ['**could not be asked**', '', '', '', '']
  const { ledger } = memory
  const { serving, deployment } = ledger
  const activity = activityWords[activityOf(memory)]
  const suspension = suspensionIn(ledger)
  return [
    serving === null ? 'nothing yet' : `**${text(serving.release.tag)}**`,
    serving === null ? '' : duration(between(serving.since, now)).replaceAll(' ', '&nbsp;'),
    serving === null ? '' : sightingInWords(instances, (words) => `**${words}**`),
    deployment === null ? '' : `${deployment.plan.mode} ${text(deployment.plan.release.tag)}: ${activity}`,
    suspension === null
      ? ''
      : `**suspended**${leaseIsOver(suspension, now) && keptInWords(suspension, ledger.detour) === null ? ', lease over' : ''}`,
  ]
}

function recordsPart({ records }: EnvironmentSeen): string | null {
  const sentences = recordSentences(records)
  return sentences.length === 0 ? null : alert('WARNING', ...sentences.map(text))
}

/** Open signals, and those that could not be read. */
function signalsPart({ signals }: EnvironmentSeen): string | null {
  if (signals.kind === 'quiet') return null
  const what = signals.kind === 'open' ? 'No release is brought forward here' : 'Signals could not be read'
  return alert(
    'WARNING',
    `**${what}.** Going back is never held.`,
    ...signals.signals.map((one) => `- ${signalInWords(one)}`),
  )
}

/** The page stays whole where there are too many: the last ones are then named alone. */
function section(environment: EnvironmentSeen, { now, form }: StatusView): Part {
  const { name, url, memory, instances, app } = environment
  const heading = `### ${markOf(environment)} ${text(name)}`
  const about = [code(app), environment.class, ...(url === null ? [] : [link(text(url), url)])].join(' · ')
  const optional = `the section of ${code(name)}`
  if (memory.kind === 'unknown') {
    const why = alert('CAUTION', `**Could not be asked:** ${text(memory.failure.what)}`)
    return { text: blocks(heading, about, why), optional }
  }
  const { serving, deployment, history } = memory.ledger
  const { pending } = memory.ledger.schedules
  if (serving === null && deployment === null && history.length === 0 && pending.length === 0)
    return { text: blocks(heading, about, 'Nothing has been deployed here yet.'), optional }
  const { question } = memory
  return {
    text: blocks(
      heading,
      about,
      deployment === null || question === null
        ? null
        : questionBox(question, deployment, activityOf(memory), form),
      signalsPart(environment),
      recordsPart(environment),
      factsTable(memory, now),
      serving === null ? null : instancesPart(instances),
      lastOnes(historyTable(memory.ledger)),
    ),
    optional,
  }
}

const lastOnes = (history: string | null): string | null =>
  history === null ? null : blocks('**Last deployments**', history)

/** The right instances are folded, so that the wrong ones stand out. */
function instancesPart(sighting: EnvironmentSighting): string {
  switch (sighting.kind) {
    case 'unknown':
      return alert('WARNING', `**The instances could not be asked:** ${text(sighting.failure.what)}`)
    case 'unasked':
      return `**Instances**: not asked, ${text(sighting.why)}.`
    case 'seen': {
      const table = seenInstances(sighting.services)
      const right = sighting.services.every(
        ({ instances, unasked, engine }) =>
          unasked === null && instances.every(isRight) && (engine === undefined || isEngineRight(engine)),
      )
      return right
        ? details(`Instances: ${sightingInWords(sighting)}`, table)
        : blocks('**Instances**', table)
    }
  }
}
