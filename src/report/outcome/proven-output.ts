import { checksIn, type Feasibility } from '../../domain/release/feasibility.ts'

/** Where the checks of a release that one may go back to passed on the schema of today; null where none did. */
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
