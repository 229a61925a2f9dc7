import { decisions } from '../../domain/question/decision.ts'
import { words } from './words.ts'

/** The choice of a form whose field is not filled: GitHub preselects the first choice. */
export const notChosen = 'none'

/** A field of the form, as GitHub shows it. */
export interface FieldDefinition {
  readonly description: string
  readonly type: 'environment' | 'string' | 'choice'
  readonly required?: true
  readonly options?: readonly string[]
}

/** The fields of the form in their order. Every other input of a command is a line of `options`. */
export const fields = {
  environment: { description: 'The environment', type: 'environment', required: true },
  do: {
    description: 'The command. A rollback needs nothing else',
    type: 'choice',
    required: true,
    options: Object.keys(words),
  },
  release: { description: 'The tag. Roll back, rehearse: empty for the release before', type: 'string' },
  question: { description: 'Decide: the question, like 7.1', type: 'string' },
  decision: {
    description: 'Decide: your answer to the question',
    type: 'choice',
    options: [notChosen, ...decisions],
  },
  instances: { description: 'Decide: the instances; empty for all of the question', type: 'string' },
  reason: { description: 'Decide, block, halt, schedule: the reason', type: 'string' },
  confirm: { description: 'The name of the environment, if the plan is destructive', type: 'string' },
  acknowledge: { description: 'The accepted risks: older, data-loss', type: 'string' },
  at: { description: 'Schedule: the time, like 2026-12-01T09:00+01:00', type: 'string' },
  services: { description: 'Restart: the services; empty for all', type: 'string' },
  options: { description: 'More inputs, like redeploy=true; run-is-over=123', type: 'string' },
} as const satisfies Record<string, FieldDefinition>

export type FieldName = keyof typeof fields
