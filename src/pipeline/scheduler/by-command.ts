import type { Command } from '../../domain/config/command.ts'
import type { CommandScheduler } from '../../domain/config/recipe.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { type Context, variables } from '../run/context.ts'
import { failureWhere, runWhere } from '../run/where.ts'
import { drainJobs, type JobsRead } from './drain.ts'

/** No new job starts; then it waits until none runs, where the config has a command that lists them. */
export async function suspendByCommand(
  context: Context,
  scheduler: CommandScheduler,
): Promise<Failure | null> {
  const { suspend, running, kill } = scheduler
  const failure = await ran(context, suspend, 'suspend-scheduler')
  if (failure !== null || running === null) return failure
  return drainJobs(context, {
    ...scheduler,
    read: () => runningJobs(context, running),
    kill: kill === null ? null : () => ran(context, kill, 'ending the running jobs'),
  })
}

const ran = async (context: Context, command: Command, doing: string): Promise<Failure | null> =>
  failureWhere(doing, await runWhere(context, { command, seen: await variables(context, onward) }))

async function runningJobs(context: Context, running: Command): Promise<JobsRead> {
  const jobs: string[] = []
  const told = new Set<string>()
  const asked = await runWhere(context, {
    command: running,
    seen: await variables(context, onward),
    listen: (text) => void told.add(text),
    answer: (text) => void jobs.push(text),
  })
  for (const line of told) context.ports.voice.line(`  │ ${line}`)
  const failure = failureWhere('reading the running jobs', asked)
  if (failure !== null) return { kind: 'failed', failure }
  return { kind: 'running', jobs: jobs.map((job) => job.trim()).filter((job) => job !== '') }
}
