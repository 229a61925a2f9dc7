import type { Override } from './override.ts'

/** How the checks of the release that served came out on the database that a deployment had migrated. */
export interface CompatibilityCheck {
  readonly passed: boolean
  readonly at: string
  /** Who went on although they had not passed, and why. */
  readonly forced?: Override
}
