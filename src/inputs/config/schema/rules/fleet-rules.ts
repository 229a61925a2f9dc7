import { rule } from './rule.ts'

/** Another check asks for instances: its answer names the environment that lacks them. */
export const fleetRules = [
  rule(
    ['fleet'],
    [['fleet']],
    'is of two kinds: keep `local` or `ssh`',
    ({ fleet }) => fleet?.local === undefined || fleet.ssh === undefined,
  ),
  rule(
    ['fleet', 'ssh'],
    [['fleet', 'ssh']],
    'names its hosts twice: keep `hosts` or `inventory`',
    ({ fleet }) => fleet?.ssh?.hosts === undefined || fleet.ssh.inventory === undefined,
  ),
]
