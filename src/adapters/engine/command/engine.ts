import type { Command } from '../../../domain/config/command.ts'
import type { CommandEngine } from '../../../domain/config/engine-recipe.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { found, unknown } from '../../../domain/reading.ts'
import type {
  EngineControl,
  EngineOrder,
  HandedOver,
  Shell,
  Variables,
  Watch,
} from '../../../pipeline/ports.ts'
import { sayEnding } from '../../ending.ts'
import { readState } from './state.ts'

interface CommandEngineOptions {
  readonly shell: Shell
}

/** An engine that the user's own commands speak to. Only the JSON of `state` says what runs there. */
export function createCommandEngine(
  service: string,
  recipe: CommandEngine,
  { shell }: CommandEngineOptions,
): EngineControl {
  const { able, state, handOver, restart, scale, stop, reverse } = recipe

  async function rolled(what: string, command: Command, variables: Variables, watch: Watch) {
    const ran = await runFor(shell, command, variables, watch)
    return ran.kind === 'said' ? rolloutIn(service, what, ran.lines) : failed(service, what, ran)
  }

  /** A number that `state` shows already needs no command. */
  function sizing(command: Command): Pick<EngineControl, 'scale' | 'empty'> {
    const size = async (
      replicas: number,
      isThere: (wanted: number) => boolean,
      variables: Variables,
      watch: Watch,
    ) => {
      const seen = await read(variables, watch.signal)
      if (seen.kind === 'found' && isThere(seen.value.replicas.wanted)) return null
      const wanted = { ...variables, ROLLGATE_REPLICAS: `${replicas}` }
      const ran = await runFor(shell, command, wanted, watch)
      return ran.kind === 'said' ? null : failed(service, 'scale', ran)
    }
    return {
      scale: (replicas, variables, watch) => size(replicas, (wanted) => wanted >= replicas, variables, watch),
      empty: (variables, watch) => size(0, (wanted) => wanted === 0, variables, watch),
    }
  }

  async function read(variables: Variables, signal: AbortSignal) {
    const ran = await runFor(shell, state, variables, { line() {}, signal })
    return ran.kind === 'said' ? readState(service, ran.lines.join('\n')) : unknown(unread(service, ran.why))
  }

  return {
    async able(variables, watch) {
      if (able === null) return nothingKnown
      const ran = await runFor(shell, able, variables, watch)
      return ran.kind === 'said' ? nothingKnown : unknown(unusable(service, ran.why))
    },
    state: read,
    handOver: (order, variables, watch) =>
      rolled(
        'hand-over',
        order.to === 'old' ? (reverse ?? handOver) : handOver,
        { ...variables, ...imageVariables(order) },
        watch,
      ),
    restart: async (variables, watch) =>
      restart === null ? noRestart(service) : rolled('restart', restart, variables, watch),
    async stop(variables, watch) {
      if (stop === null) return noStop(service)
      const ran = await runFor(shell, stop, variables, watch)
      return ran.kind === 'said' ? null : failed(service, 'stop', ran)
    },
    ...(scale === undefined ? {} : sizing(scale)),
    testBed: null,
    jobs: null,
  }
}

/** One image a line as `name=image`; `ROLLGATE_IMAGE` where there is one alone. */
function imageVariables({ images }: EngineOrder): Variables {
  const all = Object.entries(images)
  const [only, ...others] = Object.values(images)
  return {
    ROLLGATE_IMAGES: all.map(([name, image]) => `${name}=${image}`).join('\n'),
    ROLLGATE_IMAGE: others.length === 0 ? (only ?? '') : '',
  }
}

type CommandSaid =
  | { readonly kind: 'said'; readonly lines: readonly string[] }
  | {
      readonly kind: 'failed'
      readonly why: string
      readonly stopped: boolean
      readonly tail: readonly string[]
    }

/** Runs a command whose output is an answer; the log shows its lines as well. */
async function runFor(
  shell: Shell,
  command: Command,
  variables: Variables,
  watch: Watch,
): Promise<CommandSaid> {
  const lines: string[] = []
  const finished = await shell.run(command, variables, {
    ...watch,
    answer(text) {
      lines.push(text)
      watch.line(text)
    },
  })
  if (finished.kind === 'exited' && finished.code === 0) return { kind: 'said', lines }
  const last = finished.tail.findLast((line) => line.trim() !== '')
  const why = `${sayEnding(finished)}${last === undefined ? '' : `: ${last}`}`
  return { kind: 'failed', why, stopped: finished.kind === 'stopped', tail: finished.tail }
}

function rolloutIn(service: string, what: string, lines: readonly string[]): HandedOver | Failure {
  const rollout = lines.findLast((line) => line.trim() !== '')?.trim()
  if (rollout !== undefined) return { rollout }
  return {
    code: 'engine-unknown',
    what: `The command \`${what}\` of ${service} named no rollout: the last line of its output must.`,
    tail: [],
    next: 'Correct the command: it prints the name that `state` will have as `rollout`. Then decide retry; the engine is read first.',
  }
}

const failed = (
  service: string,
  what: string,
  { why, stopped, tail }: Extract<CommandSaid, { kind: 'failed' }>,
): Failure => ({
  code: stopped ? 'interrupted' : 'engine-refused',
  what: `The command \`${what}\` of ${service} ${why}.`,
  tail,
})

const nothingKnown = found({ refusals: [], warnings: [], facts: {} })

const unusable = (service: string, why: string) => ({
  code: 'engine-refused' as const,
  what: `The command \`able\` of ${service} ${why}.`,
  why: 'It says with an exit code other than 0 that the service must not be changed now.',
  next: 'Mend what it names, then decide retry. Nothing was handed over.',
})

const unread = (service: string, why: string) => ({
  code: 'engine-unknown' as const,
  what: `The command \`state\` of ${service} ${why}.`,
  why: 'The engine cannot be reached, or the command is wrong.',
  next: 'See that the command works from the runner.',
})

const noStop = (service: string): Failure => ({
  code: 'engine-refused',
  what: `The rollout of ${service} cannot be stopped: its engine has no command \`stop\`.`,
  tail: [],
  next: `Add services.${service}.engine.command.stop.`,
})

const noRestart = (service: string): Failure => ({
  code: 'engine-refused',
  what: `${service} cannot be restarted: its engine has no command \`restart\`.`,
  tail: [],
  next: `Add services.${service}.engine.command.restart, or leave the service out of the restart.`,
})
