import type { Command, Probe } from '../../domain/config/command.ts'
import type { Place } from '../../domain/config/place.ts'
import type { NoticeRule } from '../../domain/notify/notice-rule.ts'
import type {
  CommandValue,
  HookValue,
  InstanceCommandValue,
  ProbeValue,
  StepCommandValue,
  SurroundingsValue,
} from './schema/command.ts'
import type { OnValue } from './schema/on.ts'
import type { NoticeValue } from './schema/policy/notify.ts'

export function toCommand(written: CommandValue): Command {
  return {
    run: written.run,
    shell: written.shell,
    env: written.env ?? {},
    workingDirectory: written['working-directory'],
    timeout: written.timeout,
  }
}

/** A command of a step, which runs on the runner unless it says otherwise. */
export const toStepCommand = (written: StepCommandValue | HookValue): Command =>
  anywhere(toRetried(written), written)

/** A command with its further tries. */
export function toRetried(written: CommandValue & Pick<StepCommandValue, 'retry'>): Command {
  const { retry } = written
  const command = toCommand(written)
  return retry === undefined ? command : { ...command, retry: { times: retry.times, on: retry.on ?? [] } }
}

/** Puts a command of a step in its place. */
export function anywhere(
  command: Command,
  { on = 'runner' }: { readonly on?: OnValue | undefined },
): Command {
  return on === 'runner' ? command : { ...command, on: toPlace(on) }
}

export const maybeStepCommand = (written: StepCommandValue | undefined): Command | null =>
  written ? toStepCommand(written) : null

function toPlace(on: Exclude<OnValue, 'runner'>): Place {
  if ('engine' in on) return { kind: 'engine', service: on.engine, container: on.container ?? null }
  const { service, instances } = on
  return {
    kind: 'instances',
    service,
    instances: Array.isArray(instances) ? { kind: 'named', names: instances } : { kind: instances },
  }
}

/** A command of an instance, which runs where the instance lives unless it says otherwise. */
export const toInstanceCommand = (written: InstanceCommandValue): Command => here(toCommand(written), written)

export const maybeInstanceCommand = (written: InstanceCommandValue | undefined): Command | null =>
  written ? toInstanceCommand(written) : null

const here = (command: Command, { on }: { readonly on?: 'runner' | undefined }): Command =>
  on === undefined ? command : { ...command, on: { kind: 'runner' } }

/** A command that may be destructive. */
export const toHook = (written: HookValue): Command => ({
  ...toStepCommand(written),
  ...(written.destructive === true ? { destructive: true } : {}),
})

export const maybeHook = (written: HookValue | undefined): Command | null =>
  written ? toHook(written) : null

export function maybeCommand(written: CommandValue | undefined): Command | null {
  return written ? toCommand(written) : null
}

/** Reads the settings around a command that might have been absent: its defaults come in only here. */
export function toLooseCommand(run: string, timeout: number, written: SurroundingsValue): Command {
  return toCommand({
    run,
    shell: written.shell ?? 'bash',
    env: written.env,
    'working-directory': written['working-directory'] ?? '.',
    timeout,
  })
}

export function toProbe(written: ProbeValue): Probe {
  const { http, run, timeout } = written
  if (http !== undefined) return { kind: 'http', url: http, timeout }
  return { kind: 'run', command: here(toLooseCommand(run ?? '', timeout, written), written) }
}

/** Reads an entry of `notify`: its command runs on the runner, with nothing of a release. */
export function toNoticeRule(written: NoticeValue): NoticeRule {
  const { on, http, run, timeout, secret = null } = written
  if (http !== undefined) return { on, by: { kind: 'http', url: http, secret, timeout } }
  return { on, by: { kind: 'run', command: toLooseCommand(run ?? '', timeout, written) } }
}

export function maybeProbe(written: ProbeValue | undefined): Probe | null {
  return written ? toProbe(written) : null
}
