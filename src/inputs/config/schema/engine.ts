import * as z from 'zod/mini'
import { listed } from '../wording.ts'
import { commandEngine } from './engines/command.ts'
import { ecsEngine } from './engines/ecs.ts'
import { kubernetesEngine } from './engines/kubernetes.ts'
import { swarmEngine } from './engines/swarm.ts'
import { mapping, oneOf } from './shapes.ts'
import { duration, durationOrNone } from './values.ts'
import { byDefault, key, required } from './vocabulary.ts'

/** The engines, each by its own key. */
const kinds = {
  kubernetes: key(kubernetesEngine, 'A workload on Kubernetes, by kubectl.'),
  swarm: key(swarmEngine, 'A service of a Docker swarm, by the Docker CLI of a manager.'),
  ecs: key(ecsEngine, 'A service of Amazon ECS, by the aws CLI.'),
  command: key(commandEngine, 'Any engine, by commands: their JSON is what Rollgate believes.'),
}

export type EngineKind = keyof typeof kinds

/** True for an engine that can run one replica beside the others, with the same traffic. */
const withTestBed: { readonly [Kind in EngineKind]: boolean } = {
  kubernetes: true,
  swarm: false,
  ecs: false,
  command: false,
}

const names = Object.keys(kinds) as readonly EngineKind[]

const words = `a mapping with ${listed(names)}`

const testBed = mapping('a mapping with `bake-time`', {
  'bake-time': required(duration, 'The time for which the one replica is watched before the others change.'),
})

/** An engine that rolls a service by itself. */
export const engine = mapping(words, {
  ...kinds,
  'min-healthy-time': byDefault(
    durationOrNone,
    '10s',
    'The time that every replica must stay ready, without a break, until the service counts as done.',
  ),
  deadline: byDefault(duration, '15m', 'The longest time of a rollout until it counts as failed.'),
  'on-failure': byDefault(
    oneOf(['ask', 'roll-back']),
    'ask',
    'Stops and asks a person, or rolls back without asking.',
  ),
  'test-bed': key(testBed, 'One replica beside the others, with their traffic, which is changed first.'),
}).check(
  z.refine((written) => names.filter((name) => written[name] !== undefined).length === 1, {
    error: ({ input }) =>
      names.some((name) => (input as Record<string, unknown>)[name] !== undefined)
        ? `is of several kinds: keep one of ${listed(names)}`
        : `names no engine: add ${listed(names)}`,
    when: ({ issues }) => issues.length === 0,
  }),
  z.refine(
    (written) =>
      written['test-bed'] === undefined ||
      names.some((name) => withTestBed[name] && written[name] !== undefined),
    {
      path: ['test-bed'],
      error: () =>
        'is of an engine that can run one replica beside the others, and this one cannot: remove it',
      when: ({ issues }) => issues.length === 0,
    },
  ),
  z.refine((written) => written['min-healthy-time'] < written.deadline, {
    path: ['min-healthy-time'],
    error: () => 'must be shorter than `deadline`',
    when: ({ issues }) => issues.length === 0,
  }),
)

export type EngineValue = z.output<typeof engine>
