import type { Wanted } from '../domain/plan/undertaking.ts'
import { type CommandName, type InputName, inputs } from './definitions.ts'
import type { Idle, Inputs } from './inputs.ts'
import { takes } from './taking.ts'

/** The uses of the command `deploy`. */
const usesOfDeploy = [
  'deploy',
  'scheduler run',
  'maintenance page',
  'restore',
  'closing of a detour',
  'removal of a failed home',
  'build',
  'completion of a migration',
] as const

/** The use of a command that can do more than one thing. */
export type AskedOf =
  | Exclude<CommandName, 'plan' | 'gate' | 'deploy'>
  | (typeof usesOfDeploy)[number]
  | 'look at a decision'

/** The uses that may change an environment, without an answer to a question. */
const deployments = [...usesOfDeploy, 'rollback', 'restart', 'task'] as const

/** The uses of each input, if some uses of its commands do not need it. Any other serves all uses of its commands. */
const uses: { readonly [Name in InputName]?: readonly AskedOf[] } = {
  plan: deployments,
  pause: ['decide', 'look at a decision'],
  decision: ['decide'],
  instances: ['decide'],
  reason: ['decide', 'block', 'halt', 'schedule'],
  confirm: [...usesOfDeploy, 'rollback', 'task'],
  schedule: ['deploy', 'completion of a migration'],
  release: [...deployments, 'rehearse', 'schedule', 'block'],
  services: ['restart'],
  task: ['task'],
  backup: ['restore'],
  as: ['closing of a detour'],
  only: usesOfDeploy,
  redeploy: ['deploy'],
  'change-base': ['deploy'],
  reset: ['deploy'],
  detour: ['deploy', 'restore'],
  'open-detour': ['closing of a detour', 'removal of a failed home'],
  'roll-forward': ['deploy'],
  'acknowledge-older': ['deploy'],
  'acknowledge-data-loss': ['rollback', 'closing of a detour'],
  // Nothing holds a build: it changes no environment.
  'override-freeze': [...deployments.filter((use) => use !== 'build'), 'decide'],
  'override-verified': ['deploy'],
  'override-rehearsed': ['deploy'],
  'override-halt': ['deploy'],
  'test-bed': ['deploy'],
}

/** Returns the inputs that were given, differ from their defaults, and have no use here, whatever their values are. */
export const idleInputs = (
  command: CommandName,
  asked: AskedOf,
  isGiven: (name: InputName) => boolean,
): Idle[] =>
  (Object.keys(inputs) as InputName[])
    .filter((name) => isGiven(name) && !isUsed(name, command, asked))
    .map((name) => ({
      name,
      words: `The input ${name} was given, and is not used: it is for ${usersInWords(name)}, and this is a ${asked}.`,
    }))

const isUsed = (name: InputName, command: CommandName, asked: AskedOf): boolean =>
  takes(command, name) && (uses[name]?.includes(asked) ?? true)

/** A longer list would hide the one word that counts. */
const mostNamed = 6

function usersInWords(name: InputName): string {
  const users: readonly string[] = uses[name] ?? inputs[name].of
  return users.length > mostNamed ? 'other commands' : `a ${users.join(' or ')}`
}

/** Returns the use that the inputs of a command ask for. */
export function useOf(read: Inputs): AskedOf {
  if ('undertaking' in read) return useOfMode[read.undertaking.mode]
  if (!('about' in read)) return read.command
  switch (read.about.kind) {
    case 'deployment':
      return useOfMode[read.about.deployment.undertaking.mode]
    case 'question':
      // A look with an answer shows what the answer would do.
      return read.about.answer === null ? 'look at a decision' : 'decide'
    case 'answer':
      return 'decide'
    case 'convergence':
    case 'comparison':
      return 'reconcile'
    case 'examination':
      return 'doctor'
  }
}

const useOfMode: { readonly [M in Wanted['mode']]: AskedOf } = {
  deploy: 'deploy',
  rollback: 'rollback',
  restart: 'restart',
  task: 'task',
  'scheduler-run': 'scheduler run',
  'maintenance-on': 'maintenance page',
  'maintenance-off': 'maintenance page',
  'close-detour': 'closing of a detour',
  'discard-failed-home': 'removal of a failed home',
  restore: 'restore',
  'restore-aside': 'restore',
  build: 'build',
  'complete-migration': 'completion of a migration',
}
