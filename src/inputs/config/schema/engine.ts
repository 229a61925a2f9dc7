import * as z from 'zod/mini'
import { listed } from '../wording.ts'
import { commandEngine, commandEnginePart } from './engines/command.ts'
import { ecsEngine, ecsEnginePart } from './engines/ecs.ts'
import { kubernetesEngine, kubernetesEnginePart } from './engines/kubernetes.ts'
import { swarmEngine, swarmEnginePart } from './engines/swarm.ts'
import { inPart } from './in-part.ts'
import { mapping, oneOf } from './shapes.ts'
import { duration, durationOrNone } from './values.ts'
import { byDefault, key, required } from './vocabulary.ts'

const about = {
  kubernetes: 'A workload on Kubernetes, by kubectl.',
  swarm: 'A service of a Docker swarm, by the Docker CLI of a manager.',
  ecs: 'A service of Amazon ECS, by the aws CLI.',
  command: 'Any engine, by commands: their JSON is what Rollgate believes.',
}

/** The engines, each by its own key. */
const kinds = {
  kubernetes: key(kubernetesEngine, about.kubernetes),
  swarm: key(swarmEngine, about.swarm),
  ecs: key(ecsEngine, about.ecs),
  command: key(commandEngine, about.command),
}

const kindsInPart = {
  kubernetes: key(kubernetesEnginePart, about.kubernetes),
  swarm: key(swarmEnginePart, about.swarm),
  ecs: key(ecsEnginePart, about.ecs),
  command: key(commandEnginePart, about.command),
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

/** The settings of every kind. */
const settings = {
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
}

/** An engine that rolls a service by itself, as a recipe or an environment writes it. */
export const enginePart = inPart(words, { ...kindsInPart, ...settings })

/** An engine once its environment was laid over it. */
export const engine = mapping(words, { ...kinds, ...settings }).check(
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
