import type { ServiceValue } from '../services.ts'
import { asksOneWay } from './probe-rules.ts'
import { rule } from './rule.ts'

const pulls = ({ fleet }: ServiceValue): boolean => fleet?.pull !== undefined

/** The commands on an instance, which are settings of its host where that pulls. */
const ofTheHost = (['prepare', 'slots', 'stop', 'install', 'start'] as const).map((key) =>
  rule(
    ['fleet', key],
    [
      ['fleet', key],
      ['fleet', 'pull'],
    ],
    'is not run where hosts pull, which run the commands of their own settings: remove it',
    (service) => !pulls(service) || service.fleet?.[key] === undefined,
  ),
)

/** Rules about hosts that pull: Rollgate sees what they do, and cannot do it for them. */
export const pullRules = [
  ...ofTheHost,
  ...asksOneWay(['fleet', 'pull', 'status'], ({ fleet }) => fleet?.pull?.status),
  rule(
    ['version'],
    [['version'], ['fleet', 'pull']],
    '`version` is missing: where hosts pull it tells when an instance runs its desired release',
    (service) => !pulls(service) || service.version !== undefined,
  ),
  rule(
    ['rollout', 'order'],
    [
      ['rollout', 'order'],
      ['fleet', 'pull'],
    ],
    'is `stop-first` where hosts pull: their agents stop an instance before they install',
    (service) => !pulls(service) || service.rollout.order === 'stop-first',
  ),
  rule(
    ['rollout', 'progress-deadline'],
    [
      ['rollout', 'progress-deadline'],
      ['fleet', 'pull'],
    ],
    '`rollout.progress-deadline` must be longer than `fleet.pull.interval` times `fleet.pull.intervals`',
    ({ fleet, rollout }) =>
      fleet?.pull === undefined || fleet.pull.interval * fleet.pull.intervals < rollout['progress-deadline'],
  ),
]
