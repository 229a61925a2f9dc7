import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/domain/notify/notice.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import type { RunEnding } from '../../src/pipeline/run/execute.ts'
import { watchInWords } from '../../src/report/act/watch-words.ts'
import { aCommand, aScheduler, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { again, answered, watched } from './later-run.ts'
import { type Loss, throughALoss } from './through-a-loss.ts'

/** The runs that follow a lost one: the same job again, a decision, or the clock a month later. */
const successors = ['a re-run', 'a decision', 'the clock'] as const
type Successor = (typeof successors)[number]

const day = 86_400_000

/** A deployment that suspends the scheduler for a detour in which visitors write, and tells editors of it. */
function telling(): Plan {
  const plan = steppingAside(
    { mode: 'read-write', acceptDataLoss: true, lasts: day },
    { scheduler: aScheduler({ running: null, deploy: null, lease: 3_600_000 }) },
  )
  const editors = {
    on: ['detour-opened', 'detour-closed'],
    by: { kind: 'run', command: aCommand('tell') },
  } as const
  return { ...plan, environment: { ...plan.environment, notify: [editors] } }
}

/** Every notice that the ledger ever had, by its id. */
const notices = ({ memory: { ledgers } }: DetourWorld): string[] => {
  const all = ledgers
    .commits('shop', 'production')
    .flatMap(({ text }) => (JSON.parse(text ?? '{}') as { notices?: readonly Notice[] }).notices ?? [])
  return [...new Map(all.map(({ id, point }) => [id, point])).values()]
}

/** The clock comes when the lease of the scheduler and the time of the detour are long over, and changes no side. */
async function clockComes(world: DetourWorld): Promise<void> {
  const { memory } = world
  await memory.clock.sleep(30 * day)
  const before = [world.visitors(), memory.detour.copies.removed, (await keptLedger(memory)).detour?.id]
  const seen = await watched(memory)
  const { detour } = await keptLedger(memory)
  const after = [world.visitors(), memory.detour.copies.removed, detour?.id]
  if (detour === null) return
  expect(after).toEqual(before)
  const told = watchInWords(seen, memory.clock.now().toISOString()).open.join()
  expect(told).toContain('It has expired')
}

async function resume(
  world: DetourWorld,
  by: Successor,
  answer: FinalDecision,
  doer: Doer,
): Promise<RunEnding> {
  if (by === 'the clock') await clockComes(world)
  const { deployment } = await keptLedger(world.memory)
  if (deployment === null) return { kind: 'interrupted', problem: null }
  if (by !== 'a decision') return again(world.memory, doer)
  const { kind } = questionOf(deployment, { at: '', kind: 'resumed', ...doer })
  return answered(world.memory, kind === 'inspection' ? answer : 'retry', 'it must', doer)
}

async function through(answer: FinalDecision, by: Successor, kill?: Loss) {
  const world = aDetourWorld()
  const context = await opened(world.memory, telling())
  const effects = await throughALoss(world, context, kill, (pause, doer) => {
    if (pause === null) return resume(world, by, answer, doer)
    return answered(world.memory, pause.kind === 'inspection' ? answer : 'retry', 'it must', doer)
  })
  return { world, effects, end: await endOf(world) }
}

async function endOf(world: DetourWorld) {
  const { memory, visitors, breaches, running } = world
  const { detour, deployment, serving, leases, history } = await keptLedger(memory)
  return {
    serves: [visitors(), serving?.release.tag, running.get('web-1'), running.get('aside-1')],
    copies: memory.detour.copies,
    writes: [memory.detour.state.writes, memory.detour.state.fence],
    told: notices(world),
    ...{ detour, deployment, leases, breaches },
    outcome: history[0]?.outcome.kind,
  }
}

/** The clock takes an opening back that was lost before home was changed: then all is as before, and said so. */
function taken({
  serves,
  copies,
  told,
  leases,
  breaches,
  detour,
  writes,
}: Awaited<ReturnType<typeof endOf>>) {
  expect(serves).toEqual([older.tag, older.tag, older.tag, null])
  expect([copies.made, detour, leases, breaches, writes]).toEqual([
    copies.removed,
    null,
    [],
    [],
    ['open', null],
  ])
  expect(['', 'detour-opened,detour-closed']).toContain(told.join())
}

describe.each<FinalDecision>(['complete', 'revert', 'revert-code'])(
  'a read-write detour that ends with %s',
  (answer) => {
    test('and is lost at any effect, whatever run follows: editors hear of both ends, no lease is left SD-16 SD-24', async () => {
      const calm = await through(answer, 'a re-run')
      expect(calm.end).toMatchObject({ told: ['detour-opened', 'detour-closed'], leases: [], breaches: [] })
      for (let kill = 0; kill < calm.effects * 2; kill += 1) {
        const by = successors[kill % successors.length] ?? 'a re-run'
        const [at, done] = [1 + (kill >> 1), kill % 2 === 1]
        const { end } = await through(answer, by, { at, done })
        if (by === 'the clock' && end.outcome === 'cancelled') taken(end)
        else expect({ at, done, by, ...end }).toEqual({ at, done, by, ...calm.end })
      }
    })
  },
)
