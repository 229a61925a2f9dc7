import type { Wanted } from '../domain/plan/undertaking.ts'
import type { CommandName, InputName } from './definitions.ts'
import type { Idle, Inputs } from './inputs.ts'

/** The use of a command that can do more than one thing. */
export type AskedOf =
  | Exclude<CommandName, 'plan' | 'gate' | 'deploy'>
  | 'deploy'
  | 'scheduler run'
  | 'build'
  | 'look at a decision'

/** The uses of each input, if some uses of its commands do not need it. */
const uses: { readonly [Name in InputName]?: readonly AskedOf[] } = {
  schedule: ['deploy'],
  release: [
    'deploy',
    'scheduler run',
    'build',
    'rollback',
    'restart',
    'task',
    'rehearse',
    'schedule',
    'block',
  ],
  services: ['restart'],
  task: ['task'],
  only: ['deploy', 'scheduler run', 'build'],
  redeploy: ['deploy'],
  'change-base': ['deploy'],
  reset: ['deploy'],
  'acknowledge-older': ['deploy'],
  'acknowledge-data-loss': ['rollback'],
  'override-freeze': ['deploy', 'scheduler run', 'rollback', 'restart', 'task', 'decide'],
  'override-verified': ['deploy'],
  'override-rehearsed': ['deploy'],
}

/** Returns the inputs that were given, differ from their defaults, and have no use here. */
export const idleInputs = (asked: AskedOf, isGiven: (name: InputName) => boolean): Idle[] =>
  (Object.keys(uses) as InputName[])
    .filter((name) => isGiven(name) && uses[name]?.includes(asked) === false)
    .map((name) => ({
      name,
      words: `The input ${name} was given, and is not used: it is for a ${uses[name]?.join(' or ')}, and this is a ${asked}.`,
    }))

/** Returns the use that the inputs of a command ask for. */
export function useOf(inputs: Inputs): AskedOf {
  if ('undertaking' in inputs) return useOfMode[inputs.undertaking.mode]
  if (!('about' in inputs)) return inputs.command
  switch (inputs.about.kind) {
    case 'deployment':
      return useOfMode[inputs.about.deployment.undertaking.mode]
    case 'question':
      return 'look at a decision'
    case 'answer':
      return 'decide'
    case 'convergence':
    case 'comparison':
      return 'reconcile'
  }
}

const useOfMode: { readonly [M in Wanted['mode']]: AskedOf } = {
  deploy: 'deploy',
  rollback: 'rollback',
  restart: 'restart',
  task: 'task',
  'scheduler-run': 'scheduler run',
  build: 'build',
}
