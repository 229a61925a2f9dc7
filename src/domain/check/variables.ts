import { runnerCommands } from '../config/runner-commands.ts'
import type { Service } from '../config/service.ts'
import { scriptOf } from '../plan/files-there.ts'
import { slotsIn } from '../rolling/rollout-order.ts'
import type { Step } from '../step/step.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, found } from './finding.ts'

/** The commands of an environment, and the variables that its config asks for. */
export interface CommandVariables {
  readonly steps: readonly Step[]
  readonly services: readonly Service[]
  /** The names that the config itself gives or requires: `vars`, the environment's `env`, `requires-variables`. */
  readonly given: readonly string[]
}

/**
 * Finds commands that use a variable that nothing of the repository gives. It comes by `ROLLGATE_ENV` or the job then,
 * where an empty secret goes unnoticed unless the config requires the variable. Only names in capitals are looked at.
 */
export function variableFindings(
  { steps, services, given }: CommandVariables,
  seen: Pick<CheckoutSeen, 'tree' | 'texts'>,
): CheckFinding[] {
  const commands = steps
    .flatMap(runnerCommands)
    .filter(({ command }) => /^(?:ba|da)?sh\b/.test(command.shell))
    .map((one) => ({ ...one, texts: [one.command.run, ...scriptTexts(scriptOf(one.command), seen)] }))
  const everywhere = [
    ...services.flatMap(ofInstances),
    ...given,
    ...namesInWorkflows(seen),
    ...commands.flatMap(({ texts }) => texts.flatMap(outputsWritten)),
  ]
  const users = new Map<string, string>()
  for (const { key, command, texts } of commands) {
    const known = new Set([...Object.keys(command.env), ...everywhere])
    for (const name of texts.flatMap(namesUsed))
      if (!known.has(name) && !users.has(name)) users.set(name, key)
  }
  return [...users].map(([name, key]) =>
    found('warning', key, {
      what: `${key} uses $${name}, and nothing of the repository gives it.`,
      next: `If ROLLGATE_ENV or the job gives it, add ${name} to requires-variables: a run without it is then refused before anything changes.`,
    }),
  )
}

/** The variables that differ from instance to instance, and from slot to slot. */
const ofInstances = ({ fleet, rollout }: Service): string[] =>
  [...fleet.instances.map(({ env }) => env), ...Object.values(slotsIn(rollout.order) ?? {})].flatMap((env) =>
    Object.keys(env),
  )

/** The names that a build writes to the file of its outputs, as far as a line of its shell says them. */
const outputsWritten = (text: string): string[] =>
  [...text.matchAll(/\b([A-Z][A-Z0-9_]+)=.*>>\s*"?\$\{?ROLLGATE_OUTPUT\b/g)].map(([, name = '']) => name)

/** The texts of the shell scripts of a path, which may stand in several folders. */
const scriptTexts = (script: string | null, { texts }: Pick<CheckoutSeen, 'texts'>): string[] =>
  script === null
    ? []
    : [...texts]
        .filter(([path, { text }]) => (path === script || path.endsWith(`/${script}`)) && isShell(text))
        .map(([, { text }]) => text)

const isShell = (text: string): boolean => /^#!.*\b(?:ba|da)?sh\b/.test(text)

/** Names that a workflow gives anywhere: which job has them is not judged. */
const namesInWorkflows = ({ texts }: Pick<CheckoutSeen, 'texts'>): string[] =>
  [...texts]
    .filter(([path]) => path.startsWith('.github/workflows/'))
    .flatMap(([, { text }]) => [...text.matchAll(/\b([A-Z][A-Z0-9_]+):/g)].map(([, name = '']) => name))

/** Returns the variables that a shell text reads and does not set. One with a default is not needed. */
export function namesUsed(text: string): string[] {
  const code = text.replace(/(^|\s)#.*$/gm, '$1').replace(/'[^']*'/g, "''")
  const used = [...code.matchAll(/(?<![\\$])\$(?:\{([A-Z][A-Z0-9_]+)\}|([A-Z][A-Z0-9_]+))/g)].map(
    ([, braced, bare]) => braced ?? bare ?? '',
  )
  const set = (name: string) =>
    new RegExp(`\\b${name}\\+?=|\\bfor ${name} in\\b|\\bread\\b[^\\n;|]*\\b${name}\\b`).test(code)
  return [...new Set(used)].filter((name) => !ofTheJob.test(name) && !set(name))
}

/** Variables that the runner, a login, the shell or Rollgate gives. */
const ofTheJob =
  /^(?:(?:ROLLGATE|GITHUB|RUNNER|ACTIONS|BASH|LC|XDG|SSH)_.*|BASH|CI|EUID|FUNCNAME|HOME|HOSTNAME|IFS|LANG|LINENO|LOGNAME|OLDPWD|OPTARG|OPTIND|PATH|PIPESTATUS|PPID|PWD|RANDOM|REPLY|SECONDS|SHELL|SHLVL|TERM|TMPDIR|TZ|UID|USER)$/
