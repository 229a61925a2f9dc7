import type { Count } from '../../domain/config/command.ts'
import { servesMeanwhile } from '../../domain/config/in-place.ts'
import { unlisted } from '../../domain/config/inventory.ts'
import type { Rollout, Service } from '../../domain/config/service.ts'
import { duration } from '../../domain/durations.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Pace } from '../../domain/rolling/batches.ts'
import { goingBack } from '../../domain/rolling/pace.ts'
import { orderOf } from '../../domain/rolling/rollout-order.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import { blocks, code, counted, details, table } from '../text/markdown.ts'
import { printedBy } from './steps-in-words.ts'
import { staysUp } from './verdict-line.ts'

const namedInACell = 12
const namedAtAll = 100

/** Describes the rollout of each service of a plan. */
export function servicesInWords(plan: Plan): string | null {
  const rolls = rollSteps(plan.steps)
  if (rolls.length === 0) return null
  return blocks(
    '### How the services are changed',
    table(
      ['service', 'batches, in this order', 'at once', 'stay available', 'healthy when', 'if one fails'],
      rolls.map((step) => [
        code(step.service.name),
        `${batchesInBrief(step)}${orderInWords(step)}${testBedInWords(step)}`,
        ...limitsInWords(step, modes[plan.mode].goesBack),
        healthInWords(step),
        failureInWords(step),
      ]),
    ),
    ...rolls.map(batchesInFull),
  )
}

/** The number at once, and the number that stays up, with those of going back where they differ. */
function limitsInWords(step: RollStep, goesBack: boolean): [string, string] {
  const known = unlisted({ steps: [step], fleets: [] }).length === 0
  const [pace, back] = known ? pacesInWords(step) : settingsInWords(step.service, goesBack)
  const forward: PaceWords = goesBack ? pace : [`${pace[0]}${pauseInWords(step)}`, pace[1]]
  if (back === null) return forward
  const both = (at: 0 | 1) => `${forward[at]}<br>going back: ${back[at]}`
  return [both(0), both(1)]
}

const pauseInWords = ({ service: { rollout } }: RollStep): string =>
  rollout.pauseBetweenBatches === undefined ? '' : `, ${duration(rollout.pauseBetweenBatches)} apart`

type PaceWords = [string, string]

function pacesInWords({ service, back, ...step }: RollStep): [PaceWords, PaceWords | null] {
  const inWords = (pace: Pace): PaceWords => [
    pace.sizes.length > 0 ? pace.sizes.join(', then ') : String(pace.width),
    `${staysUp({ service, floor: pace.floor })} of ${service.fleet.instances.length}`,
  ]
  return [inWords(step), back === null ? null : inWords(back)]
}

/** Hosts are unknown: the limits as the config has them. */
function settingsInWords(service: Service, goesBack: boolean): [PaceWords, PaceWords | null] {
  const inWords = ({ maxParallel, batches, minAvailable }: Rollout): PaceWords => {
    const atOnce = batches.length > 0 ? batches.map(countInWords).join(', then ') : countInWords(maxParallel)
    if (servesMeanwhile(service)) return [atOnce, 'all']
    return [atOnce, minAvailable === null ? 'all others' : countInWords(minAvailable)]
  }
  const { rollout } = service
  if (rollout.rollback === null) return [inWords(rollout), null]
  const back = goingBack(rollout, rollout.rollback)
  return goesBack ? [inWords(back), null] : [inWords(rollout), inWords(back)]
}

const countInWords = ({ kind, value }: Count): string => (kind === 'percent' ? `${value}%` : String(value))

function batchesInBrief(step: RollStep): string {
  const [printed] = unlisted({ steps: [step], fleets: [] })
  if (printed !== undefined) return printedBy(printed)
  const { batches, service } = step
  if (batches.length === 0) return '**none may be taken**'
  const { instances } = service.fleet
  if (instances.length > namedInACell)
    return `${counted(batches.length, 'batch', 'batches')}, ${counted(instances.length, 'instance')}${zonesInWords(service)}`
  return batches.map((batch) => `${batch.map(code).join(', ')}${zoneInWords(service, batch)}`).join(' → ')
}

function batchesInFull({ batches, service }: RollStep): string | null {
  const total = service.fleet.instances.length
  if (total <= namedInACell) return null
  const many = total > namedAtAll
  const shown = many ? [...batches.slice(0, 3), ...batches.slice(-1)] : batches
  const lines = shown.map(
    (batch) => `${batches.indexOf(batch) + 1}. ${few(batch)}${zoneInWords(service, batch)}`,
  )
  if (many) lines.splice(3, 0, '', `and ${batches.length - 4} more batches, until`, '')
  return details('The batches', blocks(code(service.name), lines.join('\n')))
}

/** Tells the order where an instance does not simply stop first. */
const orderInWords = ({ service: { rollout } }: RollStep): string =>
  orderOf(rollout.order).keepsTraffic ? `<br>${orderOf(rollout.order).what}` : ''

/** Names the test bed, and the conditions before the others follow. */
function testBedInWords({ testBed, service }: RollStep): string {
  if (testBed.length === 0 || service.testBed === null) return ''
  const { bakeTime, warmUp, compare, onSuccess } = service.testBed
  const compared = compare === null ? '' : ', and compared with the others'
  return `<br>${testBed.map(code).join(', ')} first, watched for ${duration(warmUp + bakeTime)}${compared}${onSuccess === 'ask' ? '; then a person decides' : ''}`
}

const few = (batch: readonly string[]): string =>
  batch.length <= namedInACell
    ? batch.map(code).join(', ')
    : `${batch.slice(0, 2).map(code).join(', ')} … ${batch.slice(-1).map(code).join('')} (${batch.length})`

/** A batch is of one zone. */
function zoneInWords({ fleet }: Service, [first]: readonly string[]): string {
  const zone = fleet.instances.find(({ name }) => name === first)?.zone
  return zone === undefined ? '' : ` (zone ${code(zone)})`
}

function zonesInWords({ fleet }: Service): string {
  const zones = new Set(fleet.instances.flatMap(({ zone }) => zone ?? []))
  return zones.size === 0 ? '' : `, ${counted(zones.size, 'zone')}, one a batch`
}

function healthInWords({ service: { healthCheck, selfTest, rollout } }: RollStep): string {
  const words: string[] = []
  if (selfTest !== null) words.push(`self test passes within ${duration(selfTest.timeout)}`)
  if (healthCheck !== null)
    words.push(
      `healthy for ${duration(healthCheck.minHealthyTime)} without a break, within ${duration(healthCheck.healthyDeadline)} of its start`,
    )
  if (words.length === 0) words.push('**nothing is checked**')
  return [...words, `stops if no further one is for ${duration(rollout.progressDeadline)}`].join('<br>')
}

function failureInWords({ service: { rollout } }: RollStep): string {
  const act = rollout.onFailure === 'ask' ? 'stop and ask' : 'roll back unasked, where that is possible'
  return rollout.maxFailures === 0
    ? act
    : `go on up to ${counted(rollout.maxFailures, 'failure')}, then ${act}`
}
