import * as z from 'zod/mini'
import { code } from '../wording.ts'
import { stepCommand } from './command.ts'
import { name, nameList } from './names.ts'
import { mapping, oneOf } from './shapes.ts'
import { duration, wholeNumber } from './values.ts'
import { byDefault, key } from './vocabulary.ts'

/** The commands of a scheduler to which commands speak. An engine's needs none. */
const schedulerCommands = ['suspend', 'running', 'resume', 'kill'] as const

interface SchedulerWritten extends Partial<Record<(typeof schedulerCommands)[number], unknown>> {
  readonly engine?: string | undefined
  readonly 'cron-jobs'?: unknown
}

const commandsOrEngine = [
  ...(['suspend', 'resume'] as const).map((command) =>
    z.refine<SchedulerWritten>((written) => written.engine !== undefined || written[command] !== undefined, {
      path: [command],
      error: () =>
        `\`${command}\` is missing: expected a command, or a mapping with \`run\`; or name the \`engine\` that has the scheduler`,
    }),
  ),
  ...schedulerCommands.map((command) =>
    z.refine<SchedulerWritten>((written) => written.engine === undefined || written[command] === undefined, {
      path: [command],
      error: () => 'is not for a scheduler of an `engine`: Rollgate does that itself',
    }),
  ),
  z.refine<SchedulerWritten>(
    (written) => written['cron-jobs'] === undefined || written.engine !== undefined,
    { path: ['cron-jobs'], error: () => 'needs the `engine` that has them: the name of a service' },
  ),
]

export const scheduler = mapping('a mapping with `suspend` and `resume`, or with `engine`', {
  suspend: key(stepCommand, 'Keeps new jobs from starting.'),
  running: key(stepCommand, 'Prints the running jobs, one a line; nothing means drained.'),
  resume: key(stepCommand, 'Lets jobs start again.'),
  engine: key(
    name,
    'The service on Kubernetes in whose namespace CronJobs are the scheduler: Rollgate suspends, drains and resumes them itself, without these commands.',
  ),
  'cron-jobs': key(
    nameList('a list of names of CronJobs'),
    'The CronJobs that are suspended; default: every one of the namespace.',
  ),
  kill: key(stepCommand, 'Ends the running jobs; `on-timeout: kill` needs it.'),
  deploy: key(stepCommand, "Deploys the new release's scheduler, still paused."),
  'drain-timeout': byDefault(duration, '15m', 'The longest time for running jobs to end.'),
  interval: byDefault(duration, '1s', 'The time between two readings of `running`.'),
  'zero-readings': byDefault(wholeNumber(1), 3, 'Readings of nothing, in a row, that count as drained.'),
  'on-timeout': byDefault(
    oneOf(['fail', 'kill', 'proceed']),
    'fail',
    'The reaction to jobs that still run after `drain-timeout`.',
  ),
  'resume-after': byDefault(
    oneOf(['migrate', 'services']),
    'migrate',
    'The step after which jobs may start again.',
  ),
  lease: byDefault(duration, '2h', 'The longest suspension before any run may end it.'),
}).check(
  ...commandsOrEngine,
  z.refine(
    (written) =>
      written['on-timeout'] !== 'kill' || written.kill !== undefined || written.engine !== undefined,
    {
      path: ['on-timeout'],
      error: () => '`kill` needs a command that ends the running jobs: add `steps.scheduler.kill`',
    },
  ),
  z.refine(
    ({ interval, 'zero-readings': readings, 'drain-timeout': longest }) =>
      (readings - 1) * interval < longest,
    {
      path: ['drain-timeout'],
      error: () => 'is over before `zero-readings` readings, `interval` apart, could all be made',
    },
  ),
  z.refine((written) => written.lease > written['drain-timeout'], {
    path: ['lease'],
    error: () =>
      'must be longer than `drain-timeout`: while it waits for jobs no other run may end the suspension',
  }),
)

interface SchedulerThere {
  readonly steps?: unknown
  readonly services?: unknown
}

/** The engine of a scheduler is Kubernetes, once an environment was laid over the services. */
export const schedulerOnKubernetes = z.check<SchedulerThere>(
  ({ value, issues }) => {
    const service = partOf(value, 'steps', 'scheduler', 'engine')
    const there = typeof service === 'string' ? partOf(value, 'services', service) : undefined
    if (there === undefined || partOf(there, 'engine', 'kubernetes') !== undefined) return
    const message = `${code(String(service))} is not on Kubernetes: another scheduler is suspended by commands, in \`suspend\`, \`running\` and \`resume\``
    issues.push({ code: 'custom', path: ['steps', 'scheduler', 'engine'], message, input: service })
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

const partOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (part, name) =>
      typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[name] : undefined,
    value,
  )
