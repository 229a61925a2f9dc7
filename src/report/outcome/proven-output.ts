import { checksIn, type Feasibility } from '../../domain/release/feasibility.ts'

/** The environment in which the checks of a release passed on the present schema; null without one. */
export interface ProvenResult {
  readonly environment: string
  readonly deployment: number
  readonly at: string
}

export function provenResult(verdict: Feasibility): ProvenResult | null {
  const checks = checksIn(verdict)
  if (checks?.kind !== 'proven') return null
  const { where: environment, deployment, at } = checks
  return { environment, deployment, at }
}
