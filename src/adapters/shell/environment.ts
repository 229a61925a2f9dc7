import type { Variables } from '../../pipeline/ports.ts'

/** The variables for the action itself: its inputs, and the files for its outputs. */
const ACTIONS_OWN = /^(?:INPUT_.*|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY))$/

/**
 * Returns the environment of a command: that of the run without the action's own variables, its own `env`,
 * and the given variables.
 */
export function environmentOf(
  env: NodeJS.ProcessEnv,
  own: Variables,
  variables: Variables,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(env).filter(([name]) => !ACTIONS_OWN.test(name))
  return { ...Object.fromEntries(inherited), ...own, ...variables }
}
