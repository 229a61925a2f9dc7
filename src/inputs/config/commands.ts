import type { Command, Probe } from '../../domain/config/command.ts'
import type { CommandValue, HookValue, ProbeValue, SurroundingsValue } from './schema/command.ts'

export function toCommand(written: CommandValue): Command {
  return {
    run: written.run,
    shell: written.shell,
    env: written.env ?? {},
    workingDirectory: written['working-directory'],
    timeout: written.timeout,
  }
}

/** A command that may be destructive. */
export const toHook = (written: HookValue): Command => ({
  ...toCommand(written),
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
  return { kind: 'run', command: toLooseCommand(run ?? '', timeout, written) }
}

export function maybeProbe(written: ProbeValue | undefined): Probe | null {
  return written ? toProbe(written) : null
}
