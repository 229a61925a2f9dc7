import { asText, fill, fillAll } from '../file/expression.ts'
import type { Frame } from '../run/frame.ts'
import { failedWith, type Machine, type StepLeft } from '../site/machine.ts'
import { type AssignedRunner, isAtLeast } from '../site/runners.ts'
import { readAction, referenceOf } from './action-file.ts'
import { inputVariables, tooLong } from './step-limits.ts'
import { notStarted, type ReadyStep } from './steps.ts'

/** Runs one step on the machine of its job. */
export function runStep(
  frame: Frame,
  machine: Machine,
  runner: AssignedRunner,
  step: ReadyStep,
): Promise<StepLeft> {
  const { file, contexts, around, env } = step
  if (file.uses !== undefined) return useAction(frame, machine, runner, { ...step, uses: file.uses })
  return machine.shell({
    run: asText(fill(file.run, contexts, around)),
    shell: file.shell ?? 'bash',
    workingDirectory: asText(fill(file['working-directory'], contexts, around)),
    env: step.path.length === 0 ? env : { ...env, 'PATH+': step.path.join(':') },
  })
}

async function useAction(
  { run: { site }, repository, ref }: Frame,
  machine: Machine,
  runner: AssignedRunner,
  { uses, file, contexts, around, env }: ReadyStep & { readonly uses: string },
): Promise<StepLeft> {
  const { inForce, product } = site
  if (uses.startsWith('$/')) {
    if (product === 'enterprise-server' && inForce('self-reference-not-on-server'))
      return failedWith(
        `Can't find 'action.yml' under '${uses}': $/ is not available on GitHub Enterprise Server.`,
      )
    if (!isAtLeast(runner.version, '2.336.0') && inForce('self-reference-needs-2-336'))
      return failedWith(`'${uses}' needs a runner of version 2.336.0, and this one is ${runner.version}.`)
  }
  const action = referenceOf(uses, { repository, ref })
  const known = readAction(site, action)
  if (
    known?.runs.using === 'node24' &&
    !isAtLeast(runner.version, '2.327.1') &&
    inForce('node24-needs-2-327')
  )
    return failedWith(
      `The action '${uses}' runs on node24, which needs a runner of version 2.327.1; this one is ${runner.version}.`,
    )
  const given = fillAll(file.with, contexts, around)
  if (tooLong(inputVariables(given), inForce) !== undefined) return notStarted
  return machine.use({ uses, action, with: given, env, contexts })
}
