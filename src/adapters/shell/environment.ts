import type { Variables } from '../../pipeline/ports.ts'

/** What the runner gives to the action itself: its inputs, and the files in which it would take outputs from it. */
const ACTIONS_OWN = /^(?:INPUT_.*|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY))$/

/** What a command sees: the run's environment without what is the action's own, its own `env`, and the variables. */
export function environmentOf(
  env: NodeJS.ProcessEnv,
  own: Variables,
  variables: Variables,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(env).filter(([name]) => !ACTIONS_OWN.test(name))
  return { ...Object.fromEntries(inherited), ...own, ...variables }
}
