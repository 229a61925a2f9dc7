import type { Command } from './command.ts'

/** The checks of a release on the next one, and what they meet; left out, as 0.1.0 writes them: its schema alone. */
export interface CompatibilityRecipe extends Command {
  readonly against?: 'instance' | 'both'
}

/** The command that checks the schema of the next release; null without one. */
export const schemaCheck = (checks: CompatibilityRecipe | null): Command | null =>
  checks === null || checks.against === 'instance' ? null : bare(checks)

/** The command that checks the first new instance of the next release; null without one. */
export const instanceCheck = (checks: CompatibilityRecipe | null): Command | null =>
  checks?.against === undefined ? null : bare(checks)

const bare = ({ against: _, ...command }: CompatibilityRecipe): Command => command
