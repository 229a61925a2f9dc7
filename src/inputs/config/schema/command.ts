import * as z from 'zod/mini'
import { on, onOrJob, onRunner } from './on.ts'
import { expected, flag, mapping, text, union } from './shapes.ts'
import { duration, pathInside, probeAddress } from './values.ts'
import { variables } from './variables.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const commandLine = text('a command')

const shell = text(
  '`bash`, `sh` or a template that holds {0}',
  /^(?:bash|sh|.*\{0\}.*)$/,
  '`bash`, `sh` or a template that holds {0}, like `python3 {0}`',
)

const surroundings = {
  env: key(variables(), 'Variables for this command alone.'),
  'working-directory': byDefault(
    pathInside('a relative path'),
    '.',
    'The folder of the command, relative to the root of the checkout.',
  ),
}

/** The keys of a command; `timeout` differs from place to place. */
export function commandKeys(timeout: string) {
  return {
    run: required(commandLine, 'The command. Values reach it only as environment variables.'),
    shell: byDefault(shell, 'bash', 'The shell of the command: bash, sh, or a template that contains {0}.'),
    ...surroundings,
    timeout: byDefault(duration, timeout, 'The longest time of the command before it is ended.'),
  }
}

/** A mapping that holds a command, or that command alone on one line. */
export function orLine<S extends z.ZodMiniType<unknown, { run: string }>>(words: string, schema: S) {
  const line = z.pipe(
    commandLine,
    z.transform((run: string) => ({ run })),
  )
  return union(words, [z.pipe(line, schema), schema])
}

const commandWords = 'a command, or a mapping with `run`'

/** `bin/deploy`, or `{ run: bin/deploy, timeout: 20m }`. */
export const command = orLine(commandWords, mapping(commandWords, commandKeys('10m'))).register(vocabulary, {
  id: 'command',
  words: commandWords,
  description: 'A command: one line of shell, or a mapping with `run` and its settings.',
})

const triesWords = 'a whole number from 1 to 5'
const furtherTries = z
  .int({ error: expected(triesWords) })
  .check(z.minimum(1, { error: expected(triesWords) }), z.maximum(5, { error: expected(triesWords) }))
  .register(vocabulary, { words: triesWords })

/** Further tries of a command. */
export const retryable = {
  retry: key(
    mapping('a mapping with `times`', {
      times: required(
        furtherTries,
        'The further tries. Each waits twice as long as the one before, from 5s on.',
      ),
      on: key(
        z
          .array(text('a text'), { error: expected('a list of texts') })
          .check(z.minLength(1, { error: () => 'names no text: add one, or leave it out' }))
          .register(vocabulary, { words: 'a list of texts' }),
        'Texts of its last lines after which it is tried again. Default: failures of registries and networks that are known to pass by themselves.',
      ),
    }),
    'Tries the command again after an exit code other than 0 that its last lines explain. It must bear being run twice.',
  ),
}

/** The place of a command of a step. */
export const anywhere = {
  on: key(on, 'The place of the command; default: the runner.'),
}

/** The keys of a command that may run on instances; `timeout` differs from place to place. */
export const stepCommandKeys = (timeout: string) => ({
  ...commandKeys(timeout),
  ...anywhere,
  ...retryable,
})

/** A command of a step. */
export const stepCommand = orLine(commandWords, mapping(commandWords, stepCommandKeys('10m'))).register(
  vocabulary,
  {
    id: 'step-command',
    words: commandWords,
    description:
      'A command that may run on instances: one line of shell, or a mapping with `run` and its settings.',
  },
)

const own = { on: key(onRunner, 'Runs it on the runner; default: where the instance lives.') }

/** The keys of a command of an instance; `timeout` differs from place to place. */
export const instanceCommandKeys = (timeout: string) => ({ ...commandKeys(timeout), ...own })

/** A command of an instance: of a fleet, or of the traffic. */
export const instanceCommand = orLine(
  commandWords,
  mapping(commandWords, instanceCommandKeys('10m')),
).register(vocabulary, {
  id: 'instance-command',
  words: commandWords,
  description: 'A command of an instance: one line of shell, or a mapping with `run` and its settings.',
})

const destructive = {
  destructive: key(
    flag(),
    'True if it destroys data for good. Such a command must be confirmed, and a production refuses it unless its policy names it.',
  ),
}

/** The keys of a command that changes an environment beside its instances; `timeout` differs from place to place. */
export const hookKeys = (timeout: string) => ({
  ...stepCommandKeys(timeout),
  on: key(onOrJob, 'The place of the command; default: the runner.'),
  ...destructive,
})

/** A command that changes an environment beside its instances: a hook, or a task. */
export const hook = orLine(commandWords, mapping(commandWords, hookKeys('10m'))).register(vocabulary, {
  id: 'hook',
  words: commandWords,
  description:
    'A command that may be destructive: one line of shell, or a mapping with `run` and its settings.',
})

/**
 * The keys of a command that may be absent: none has a default, so that rules see keys that were written
 * without it.
 */
export function looseCommandKeys(run: string) {
  return {
    run: key(commandLine, run),
    shell: key(shell, 'The shell of the command: bash, sh, or a template that contains {0}.'),
    env: surroundings.env,
    'working-directory': key(
      pathInside('a relative path'),
      'The folder of the command, relative to the root of the checkout.',
    ),
  }
}

/** The keys of a probe. Whether it asks by `http` or by `run` is judged once an environment was laid over it. */
export function probeKeys(timeout: string) {
  return {
    http: key(probeAddress, 'An address that answers 200 for yes.'),
    ...looseCommandKeys('A command that exits with 0 for yes.'),
    timeout: byDefault(duration, timeout, 'The longest time for an answer.'),
    ...own,
  }
}

export const probeWords = 'a mapping with `http` or `run`'

export const probe = mapping(probeWords, probeKeys('5s')).register(vocabulary, {
  id: 'probe',
  words: probeWords,
  description: 'A question: an HTTP address, or a command.',
})

export type CommandValue = z.output<typeof command>
export type StepCommandValue = z.output<typeof stepCommand>
export type InstanceCommandValue = z.output<typeof instanceCommand>
export type HookValue = z.output<typeof hook>
export type ProbeValue = z.output<typeof probe>

/** The settings that may stand around a command that may be absent. */
export type SurroundingsValue = Pick<ProbeValue, 'shell' | 'env' | 'working-directory'>
