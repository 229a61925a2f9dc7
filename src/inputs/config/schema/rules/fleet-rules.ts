import { pullRules } from './pull-rules.ts'
import { rule } from './rule.ts'

/** Another check asks for instances: its answer names the environment that lacks them. */
export const fleetRules = [
  rule(
    ['fleet'],
    [['fleet']],
    'is of several kinds: keep one of `local`, `ssh` and `pull`',
    ({ fleet }) => [fleet?.local, fleet?.ssh, fleet?.pull].filter((kind) => kind !== undefined).length < 2,
  ),
  rule(
    ['fleet', 'ssh'],
    [['fleet', 'ssh']],
    'names its hosts twice: keep `hosts` or `inventory`',
    ({ fleet }) => fleet?.ssh?.hosts === undefined || fleet.ssh.inventory === undefined,
  ),
  ...pullRules,
]
