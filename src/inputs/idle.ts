import type { CommandName, InputName } from './definitions.ts'

/** The use of a command that can do more than one thing. */
export type AskedOf =
  | Exclude<CommandName, 'plan' | 'gate' | 'deploy'>
  | 'deploy'
  | 'scheduler run'
  | 'build'
  | 'look at a decision'

/** An input that was given and is not used: it is shown, and changes nothing. */
export interface Idle {
  readonly name: InputName
  readonly words: string
}

/** The uses of each input, if some uses of its commands do not need it. */
const uses: { readonly [Name in InputName]?: readonly AskedOf[] } = {
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
export function askedFor(
  command: CommandName,
  mode: 'deploy' | 'rollback' | 'restart' | 'task' | 'decision' | 'converge',
  only: 'all' | 'scheduler' | 'build',
): AskedOf {
  const doing = command === 'plan' || command === 'gate' ? mode : command
  if (doing === 'decision') return command === 'gate' ? 'decide' : 'look at a decision'
  if (doing === 'converge') return 'reconcile'
  if (doing !== 'deploy' || only === 'all') return doing
  return only === 'build' ? 'build' : 'scheduler run'
}
