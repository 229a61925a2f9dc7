import type { EngineJudged } from '../../domain/engine/engine-sight.ts'
import type { Deviation, InstanceJudged, ServiceJudged } from '../../domain/rolling/drift.ts'
import type { EnvironmentSighting } from '../../domain/rolling/environment-seen.ts'
import type { SightFinding } from '../../domain/rolling/sight.ts'
import { blocks, code, counted, shorten, table, text } from '../text/markdown.ts'
import { enginesIn, isEngineRight, isEngineWrong, seenEngines } from './engines.ts'
import { isRight, isWrong } from './view.ts'

const mostRows = 100
const longestReason = 200

interface Row {
  readonly service: string
  readonly instance: InstanceJudged
}

/**
 * Shows every instance with its answers, differing ones first; for a large fleet those only, and a count of
 * the others.
 */
export function seenInstances(services: readonly ServiceJudged[]): string {
  const rows: Row[] = services.flatMap(({ name, instances }) =>
    instances.map((instance) => ({ service: name, instance })),
  )
  const wrong = rows.filter(({ instance }) => isWrong(instance))
  const others = rows.filter(({ instance }) => !isWrong(instance))
  const many = rows.length > mostRows
  const shown = many ? wrong.slice(0, mostRows) : [...wrong, ...others]
  return blocks(
    many ? services.map(countedInWords).join('\n') : null,
    shown.length === 0 ? null : tableOf(shown),
    many ? furtherInWords(wrong.slice(mostRows)) : null,
    seenEngines(services),
    ...services.map(({ name, unasked }) => (unasked === null ? null : `${code(name)}: ${text(unasked)}.`)),
  )
}

const tableOf = (rows: readonly Row[]): string =>
  table(
    ['', 'service', 'instance', 'says it runs', 'healthy', 'in traffic'],
    rows.map(({ service, instance }) => [
      isWrong(instance) ? '⚠️' : isRight(instance) ? '✅' : '❓',
      code(service),
      code(instance.name),
      versionCell(instance),
      yesOrNo(instance.healthy),
      yesOrNo(instance.inTraffic),
    ]),
  )

function versionCell({ version, healthy, deviations, desired }: InstanceJudged): string {
  // An instance that is down already shows the reason.
  if (version.kind === 'unanswered' && version.why === healthy.why) return '**?**'
  if (version.kind !== 'found') return unknownCell(version)
  const said = deviations.includes('other-release') ? `**${text(version.value)}**` : text(version.value)
  return desired === undefined || desired === version.value ? said : `${said}, desired: ${text(desired)}`
}

function yesOrNo(finding: SightFinding<boolean>): string {
  if (finding.kind !== 'found') return unknownCell(finding)
  if (finding.value) return 'yes'
  return finding.why === null ? '**no**' : `**no**: ${reason(finding.why)}`
}

const unknownCell = ({ kind, why }: Exclude<SightFinding<unknown>, { kind: 'found' }>): string =>
  kind === 'unanswered' ? `**?** ${reason(why)}` : reason(why)

const reason = (why: string): string => text(shorten(why, longestReason))

const countedInWords = ({ name, instances }: ServiceJudged): string =>
  `- ${code(name)}: ${tally(instances, (words) => `**${words}**`)}`

/** Beyond the rows of a table every one is still named. */
const furtherInWords = (rows: readonly Row[]): string | null =>
  rows.length === 0
    ? null
    : `And these differ: ${rows.map(({ service, instance }) => code(`${service}/${instance.name}`)).join(', ')}`

/** Returns `3 of 4 right, 1 differs`; `stress` marks the wrong part. */
function tally(
  instances: readonly InstanceJudged[],
  stress: (words: string) => string = (words) => words,
): string {
  const right = instances.filter(isRight).length
  const wrong = instances.filter(isWrong).length
  const unknown = instances.length - right - wrong
  const words: string[] = []
  if (right > 0 || wrong > 0) words.push(`${right} of ${instances.length} right`)
  if (wrong > 0) words.push(stress(`${wrong} ${wrong === 1 ? 'differs' : 'differ'}`))
  if (unknown > 0) words.push(`${unknown} not fully asked`)
  return words.length === 0 ? 'no instances' : words.join(', ')
}

/** Returns `1 of 2 services right, 1 differs`. */
function enginesInWords(engines: readonly EngineJudged[], stress: (words: string) => string): string {
  const right = engines.filter(isEngineRight).length
  const wrong = engines.filter(isEngineWrong).length
  const unknown = engines.length - right - wrong
  return [
    `${right} of ${counted(engines.length, 'service')} right`,
    ...(wrong === 0 ? [] : [stress(`${wrong} ${wrong === 1 ? 'differs' : 'differ'}`)]),
    ...(unknown === 0 ? [] : [`${unknown} not asked`]),
  ].join(', ')
}

/** The instances and engines of a whole environment, counted: how many are right, differ, or were not asked. */
export function sightingInWords(
  sighting: EnvironmentSighting,
  stress: (words: string) => string = (words) => words,
): string {
  switch (sighting.kind) {
    case 'unknown':
      return stress('could not be asked')
    case 'unasked':
      return 'not asked'
    case 'seen': {
      const instances = sighting.services.flatMap((service) => service.instances)
      const closed = sighting.services.filter(({ unasked }) => unasked !== null).length
      const engines = enginesIn(sighting.services).map(({ engine }) => engine)
      if (instances.length === 0 && engines.length > 0) return enginesInWords(engines, stress)
      if (instances.length === 0 && closed > 0) return 'not asked'
      const both = engines.length === 0 ? '' : `; engines: ${enginesInWords(engines, stress)}`
      return `${tally(instances, stress)}${closed === 0 ? '' : `, ${counted(closed, 'service')} not asked`}${both}`
    }
  }
}

/** Describes the differences of an instance, as plain words on one line. */
export const deviationInWords = (instance: InstanceJudged): string =>
  instance.deviations.map((deviation) => differenceInWords(deviation, instance)).join('; ')

/** `v1.0.0 in slot a, v1.1.0 in slot b` */
function slotsInWords(slots: InstanceJudged['slots']): string {
  const named = Object.entries(slots ?? {}).map(([slot, { version }]) =>
    version.kind === 'found' ? `${version.value} in slot ${slot}` : `no release in slot ${slot}`,
  )
  return named.join(', ')
}

function differenceInWords(deviation: Deviation, instance: InstanceJudged): string {
  const { version, healthy, slots, desired } = instance
  switch (deviation) {
    case 'other-release':
      return `runs ${version.kind === 'found' ? version.value : 'another release'}`
    case 'mute':
      return `does not say what it runs${because(version)}`
    case 'unhealthy':
      return `is not healthy${because(healthy)}`
    case 'out-of-traffic':
      return 'is not in traffic'
    case 'in-traffic':
      return 'gets requests, although its change failed and took it out of traffic'
    case 'both-slots':
      return `gets requests in both slots: ${slotsInWords(slots)}`
    case 'idle-answers':
      return `answers in its idle slot: ${slotsInWords(slots)}`
    case 'told-otherwise':
      return `is told to run ${desired ?? 'another release'}`
  }
}

const because = ({ why }: SightFinding<unknown>): string => (why === null ? '' : `: ${why}`)
