import type { Plan } from '../../domain/plan/plan.ts'
import { link, text } from './markdown.ts'

/** Where the logs of the environment itself are read, not those of the run; empty where the policy says nothing. */
export const logsLink = ({ environment: { name, logs } }: Pick<Plan, 'environment'>): string =>
  logs === undefined ? '' : link(`logs of ${text(name)}`, logs)
