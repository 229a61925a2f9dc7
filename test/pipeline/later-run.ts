import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { type Watched, type Watchman, watchOver } from '../../src/pipeline/act/watch.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import { goOn, takeLock } from '../../src/pipeline/lock/take-lock.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { type Concluded, conclude } from '../../src/pipeline/run/drive.ts'
import type { RunEnding } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPolicy } from '../domain/a-plan.ts'
import { bob, type InMemory, reading } from './in-memory.ts'

const underway = async (memory: InMemory) => {
  const kept = await memory.ledgers.read('shop', 'production')
  const { deployment } = kept.ledger
  if (deployment === null) throw new Error('nothing is under way')
  return { kept, deployment }
}

/** Opens what a plan says as a run of its own would, after the runs before it. */
export async function begun({ memory }: { readonly memory: InMemory }, plan: Plan): Promise<Context> {
  const kept = await memory.ledgers.read('shop', 'production')
  memory.workspace.head = plan.release.sha
  await memory.repository.tag(plan.release.tag, plan.release.sha)
  const handsOn = { preDeploy: null, build: null, checkCompatibility: null }
  const session = await takeLock(memory.ports, kept, plan, handsOn, { run: aRun(3), by: ['bob'] })
  return { ports: memory.ports, plan, session, stop: memory.stop }
}

/** Resumes the deployment of production as a later run. */
export async function again(memory: InMemory, doer: Doer = bob): Promise<RunEnding> {
  const { kept, deployment } = await underway(memory)
  const session = await goOn(memory.ports, kept, deployment, doer)
  const context = { ports: memory.ports, plan: deployment.plan, session, stop: memory.stop }
  return (await conclude(context, doer.run)).ending
}

/** Answers the open question of production in a later run, and returns all of that. */
export async function concluded(
  memory: InMemory,
  decision: FinalDecision,
  reason = '',
  doer: Doer = bob,
): Promise<Concluded> {
  const { kept, deployment } = await underway(memory)
  const pause = questionOf(deployment, { at: '', kind: 'resumed', ...doer }).id
  const answer = {
    environment: 'production',
    pause,
    decision,
    instances: [],
    reason,
    by: 'bob',
    override: '',
  }
  const policy = aPolicy({ approval: { kind: 'none' } })
  return decide(memory.ports, { ...kept, policy }, answer, doer, memory.stop, reading)
}

/** Answers the open question of production in a later run. */
export const answered = async (...given: Parameters<typeof concluded>): Promise<RunEnding> =>
  (await concluded(...given)).ending

/** Watches over production by itself, in a job that may run commands; with other words in `change` in another one. */
export const watched = (
  memory: InMemory,
  change: Partial<Watchman> = {},
  environment: Parameters<typeof watchOver>[2] = { name: 'production', url: null },
): Promise<Watched> =>
  watchOver(memory.ports, 'shop', environment, {
    doer: { run: aRun(9), by: ['the watch'] },
    stop: memory.stop,
    mayRun: true,
    beforeLock() {},
    recipe: () => Promise.reject(new Error('no recipe is needed')),
    ...change,
  })
