import type { Plan } from '../../domain/plan/plan.ts'
import { link, text } from './markdown.ts'

/** Links the logs of the environment itself, not those of the run; empty without an address in the policy. */
export const logsLink = ({ environment: { name, logs } }: Pick<Plan, 'environment'>): string =>
  logs === null ? '' : link(`logs of ${text(name)}`, logs)
