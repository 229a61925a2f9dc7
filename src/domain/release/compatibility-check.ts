import type { Override } from './override.ts'

/** The result of the older release's checks on the database that a deployment had migrated. */
export interface CompatibilityCheck {
  readonly passed: boolean
  readonly at: string
  /** The person who continued after failed checks, and the reason. */
  readonly forced?: Override
}
