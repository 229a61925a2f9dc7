/** The commands, the actions, and groups of them that take the same inputs. */

export const commands = [
  'plan',
  'gate',
  'deploy',
  'rollback',
  'restart',
  'task',
  'decide',
  'status',
  'reconcile',
  'watch',
  'releases',
  'history',
  'block',
  'halt',
  'release',
  'rehearse',
  'schedule',
  'dispatch',
  'check',
  'doctor',
] as const
export type CommandName = (typeof commands)[number]

/** The actions that take the whole form of an own workflow, and find the command in it. */
export const formActions = ['look', 'note', 'act'] as const
export type FormAction = (typeof formActions)[number]

export const actionNames = [...commands, ...formActions] as const
export type ActionName = CommandName | FormAction

/** Every action. */
export const all: readonly ActionName[] = actionNames
/** Actions that ask GitHub. The others read the checkout alone, without a token, and may run for a fork. */
export const online = actionNames.filter((name) => name !== 'check')
/** Commands that may change an environment. */
export const moving: readonly CommandName[] = ['deploy', 'rollback', 'restart', 'task', 'decide', 'reconcile']
/** Commands about one deployment. */
export const deploying: readonly CommandName[] = ['plan', 'gate', ...moving]
/** Commands that may find an open question. */
export const asking: readonly CommandName[] = [...deploying, 'status', 'watch']
/** Commands that write a ledger, or plan to. */
export const locking: readonly CommandName[] = [...deploying, 'watch', 'block', 'schedule', 'dispatch']
/** Commands that run commands of the config, if only to ask an instance. */
export const running: readonly CommandName[] = [...moving, 'status', 'watch']
