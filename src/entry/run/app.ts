import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { Problem } from '../../domain/problem.ts'
import type { Inputs } from '../../inputs/inputs.ts'

/** The policy, where the input `app` is its app. The input only says which app a run is meant for: it chooses no ledger. */
export function checkApp(
  policy: EnvironmentPolicy,
  { app, config }: Pick<Inputs, 'app' | 'config'>,
  repository: string,
): EnvironmentPolicy {
  const named = policy.app ?? repository
  if (app === null || app === named) return policy
  throw new Problem('input-invalid', {
    what: `The input app is ${app}, and ${config} on the default branch is of the app ${named}.`,
    why: 'The app decides which ledger and which lock an environment has, so it is the config that names it.',
    next:
      policy.app === null
        ? `Set \`app: ${app}\` in ${config} on the default branch, or leave the input out. Nothing was changed.`
        : `Leave the input out, or name the config of ${app} with the input config. Nothing was changed.`,
  })
}
