/**
 * The face of every command: its inputs and outputs. The action.yml files, the tables in the docs and the
 * reader of inputs are all made from this page and the folder `face` below it.
 */

import { type ActionName, type CommandName, commands, deploying, formActions } from './face/actions.ts'
import { deploymentInputs } from './face/deployment-inputs.ts'
import type { InputDefinition } from './face/input-definition.ts'
import { otherInputs } from './face/other-inputs.ts'
import { type OutputDefinition, type OutputName, outputs } from './face/outputs.ts'
import { releaseInputs } from './face/release-inputs.ts'

export { type ActionName, actionNames, type CommandName, commands, formActions } from './face/actions.ts'
export type { InputDefinition } from './face/input-definition.ts'
export { type OutputDefinition, type OutputName, outputs } from './face/outputs.ts'

/** Every input, in the order of the tables. */
export const inputs = {
  form: {
    description:
      'The filled-in form as JSON: `toJSON(inputs)` of the workflow. It has the command and its inputs. Fails if the form is wrong.',
    required: formActions,
    of: ['gate', ...formActions],
  },
  environment: {
    description: 'The name of the GitHub environment in the config.',
    leftOut: 'the default is every environment',
    required: [...deploying, 'history', 'halt', 'rehearse', 'schedule'],
    of: commands.filter((command) => command !== 'release' && command !== 'check'),
  },
  ...releaseInputs,
  ...deploymentInputs,
  ...otherInputs,
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof inputs

/** True if a command reads the checkout alone: it gets no token, and may run for a pull request from a fork. */
export const isOffline = (command: CommandName): boolean =>
  !(inputs.token.of as readonly ActionName[]).includes(command)

export const isRequired = ({ required = false }: InputDefinition, command: ActionName): boolean =>
  typeof required === 'boolean' ? required : required.includes(command)

export const inputsOf = (command: ActionName): [InputName, InputDefinition][] =>
  (Object.entries(inputs) as [InputName, InputDefinition][]).filter(([, { of }]) => of.includes(command))

export const outputsOf = (command: ActionName): [OutputName, OutputDefinition][] =>
  (Object.entries(outputs) as [OutputName, OutputDefinition][]).filter(([, { of }]) => of.includes(command))
