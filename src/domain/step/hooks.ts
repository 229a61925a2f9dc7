import type { StepHook } from '../config/recipe.ts'
import type { World } from '../plan/wish.ts'
import { absentIn, serviceOfStep } from './absent.ts'
import type { Step } from './step.ts'

/** The id of the step that runs a hook beside another step. */
const hookId = (name: string): string => `hook/${name}`

/** True if a hook's place means a step: its id, or the kind of several. */
const isMeant = ({ step }: StepHook, { id, kind }: Step): boolean => id === step || kind === step

/**
 * Returns the steps of a plan with the hooks beside them, in the order in which the config declares the hooks: before the
 * first step that a hook means, or after the last. A plan without such a step has no such hook.
 */
export function withHooks(steps: readonly Step[], hooks: readonly StepHook[]): Step[] {
  const first = (hook: StepHook) => steps.findIndex((step) => isMeant(hook, step))
  const last = (hook: StepHook) => steps.findLastIndex((step) => isMeant(hook, step))
  const beside = (when: StepHook['when'], at: number): Step[] =>
    hooks
      .filter((hook) => hook.when === when && (when === 'before' ? first(hook) : last(hook)) === at)
      .map(({ name, command, step }) => ({ kind: 'hook', id: hookId(name), command, beside: step, when }))
  return steps.flatMap((step, at) => [...beside('before', at), step, ...beside('after', at)])
}

/** These come and go with the serving release, and with the request. */
const notAlways: readonly string[] = ['pre-deploy', 'check-compatibility', 'migrate', 'reset']

/** Returns warnings of hooks whose step the config does not have, in all or in this environment: they do not run. */
export const idleHooks = (
  steps: readonly Step[],
  { recipe, policy }: Pick<World, 'recipe' | 'policy'>,
): string[] =>
  (recipe.steps.hooks ?? [])
    .filter((hook) => !notAlways.includes(hook.step) && !steps.some((step) => isMeant(hook, step)))
    .map(({ name, when, step }) => {
      const service = serviceOfStep(step)
      return service !== null && recipe.absent?.includes(service)
        ? `The hook ${name} is to run ${when} ${step}, and ${absentIn(service, policy)}: it does not run there.`
        : `The hook ${name} is to run ${when} ${step}, and the config has no such step: it never runs.`
    })
