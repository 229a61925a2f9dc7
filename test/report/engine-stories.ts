import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { formAt } from '../../src/report/form/form.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import type { View } from '../../src/report/outcome/view.ts'
import { aCommand, aDigest, aLedgerServing, anEngineService } from '../domain/a-plan.ts'
import { crashing, type MemoryEngine, type RolloutWay } from '../fakes/memory-engine.ts'
import { enginePlan, imagesOf, onEngines, resumedFrom, servingImages } from '../pipeline/an-engine.ts'
import { durableLedger, type InMemory, inMemory, opened } from '../pipeline/in-memory.ts'

/** A deployment of a service of six replicas on an engine in memory. */
export interface EngineStory {
  readonly memory: InMemory
  readonly engine: MemoryEngine
  readonly context: Context
}

const days = 3 * 24 * 3_600_000

const trouble = (reason: string, message: string, tail: readonly string[] = []): RolloutWay => ({
  kind: 'trouble',
  trouble: { replica: 'web-6f9c-x2x7p', reason, message, tail, lasting: true },
})

const ways = {
  crash: { kind: 'trouble', trouble: { ...crashing, replica: 'web-6f9c-x2x7p' } },
  missing: trouble('ErrImagePull', 'registry/web@sha256:2222…: not found'),
  quota: trouble('FailedCreate', 'exceeded quota: small, requested: pods=1, used: pods=6, limited: pods=6'),
  neverReady: {
    kind: 'fails',
    seconds: 30,
    trouble: {
      replica: 'web-6f9c-x2x7p',
      reason: 'NotReady',
      message: 'its readiness probe does not succeed: HTTP probe failed with statuscode: 503',
      tail: ['serving v1.1.0'],
      lasting: false,
    },
  },
  goesBack: { kind: 'goes-back', seconds: 5 },
} as const satisfies Record<string, RolloutWay>

/** Opens a deployment of `web`, which serves the older release; nothing where it is the first. */
async function opens(way: RolloutWay | null = null, { first = false } = {}): Promise<EngineStory> {
  const memory = first ? inMemory() : onEngines('web')
  const engine = memory.engines.at('web')
  engine.replicas = 6
  if (way !== null) engine.ways.push({ part: aDigest('2'), way })
  return { memory, engine, context: await openedOn(memory, first) }
}

function openedOn(memory: InMemory, first = false): Promise<Context> {
  const ledger = first ? aLedgerServing(null) : servingImages({ web: imagesOf('web', '1') })
  return opened(memory, enginePlan({ services: [anEngineService('web')], ledger }), {
    serving: ledger.serving,
  })
}

async function decided(context: Context, decision: FinalDecision): Promise<RunEnding> {
  const asked = await execute(context)
  if (asked.kind !== 'waiting') throw new Error(`nothing is asked: ${JSON.stringify(asked)}`)
  const { id } = asked.pause
  context.session.note({
    kind: 'decided',
    pause: id,
    decision,
    instances: [],
    by: 'bob',
    reason: 'looked at it',
  })
  return execute(context)
}

async function runs(way: RolloutWay | null = null, options?: { first: boolean }): Promise<EngineStory> {
  const story = await opens(way, options)
  await execute(story.context)
  return story
}

/** Disturbs the engine right after it took the order, before Rollgate hears of that. */
async function disturbed(disturb: (engine: MemoryEngine) => void): Promise<EngineStory> {
  const story = await opens()
  story.engine.taken = () => disturb(story.engine)
  await execute(story.context)
  return story
}

async function killed(): Promise<EngineStory> {
  const story = await opens()
  const { memory, engine, context } = story
  const lost: Ledger[] = []
  const { state } = engine.control
  engine.control.state = async (...asked) => {
    if (engine.deeds.length > 0 && lost.length === 0) {
      lost.push(durableLedger(memory))
      memory.forceToStop()
    }
    return state(...asked)
  }
  await execute(context)
  const resumed = await resumedFrom(memory, lost[0])
  await execute(resumed)
  return { ...story, context: resumed }
}

/** Taken back, deployed again, and taken back again. */
async function takenBackTwice(): Promise<EngineStory> {
  const story = await opens(ways.crash)
  await decided(story.context, 'roll-back')
  const context = await openedOn(story.memory)
  await decided(context, 'roll-back')
  return { ...story, context }
}

/** The answer comes after three days, in which another author rolled. */
async function answeredLate(): Promise<EngineStory> {
  const story = await opens(ways.crash)
  await execute(story.context)
  await story.memory.clock.sleep(days)
  story.engine.rollBy('kubectl-set', imagesOf('web', '9'))
  await story.memory.clock.sleep(60_000)
  await decided(story.context, 'roll-back')
  return story
}

/**
 * An app that ends its requests with itself: its engine is content. The command that asks the balancer counts what failed, and
 * says it.
 */
async function doesNotDrain(): Promise<EngineStory> {
  const memory = onEngines('web')
  const engine = memory.engines.at('web')
  engine.replicas = 6
  const lines = ['38 of 12407 requests failed between 09:00:00 and 09:00:14: 38 connections reset']
  memory.shell.play('count-failed', { lines, ends: { kind: 'exited', code: 1 } })
  const verify = {
    http: null,
    command: aCommand('count-failed'),
    attempts: 1,
    interval: 0,
    onFailure: 'ask',
  } as const
  const ledger = servingImages({ web: imagesOf('web', '1') })
  const plan = enginePlan({ services: [anEngineService('web')], ledger, steps: { verify } })
  const context = await opened(memory, plan, { serving: ledger.serving })
  await execute(context)
  return { memory, engine, context }
}

/** The ends of a deployment that a person can meet on an engine, by the names of their pages. */
export const engineStories = {
  'first-deployment': () => runs(null, { first: true }),
  'update-of-six': () => runs(),
  'does-not-drain': doesNotDrain,
  'never-ready': () => runs(ways.neverReady),
  crash: () => runs(ways.crash),
  'image-not-there': () => runs(ways.missing),
  quota: () => runs(ways.quota),
  'went-back-by-itself': () => runs(ways.goesBack),
  'killed-and-resumed': killed,
  'rollout-of-another': () => disturbed((engine) => engine.rollBy('mallory', imagesOf('web', '9'))),
  paused: () =>
    disturbed((engine) => {
      engine.paused = true
    }),
  'scaled-to-zero': () =>
    disturbed((engine) => {
      engine.replicas = 0
    }),
  'rolled-back-twice': takenBackTwice,
  'answered-days-later': answeredLate,
} as const satisfies Record<string, () => Promise<EngineStory>>

export type EngineStoryName = keyof typeof engineStories

/** Returns the page that a person reads after a story. */
export const pageOf = (story: EngineStory): string => outcomeSummary(viewOf(story))

export const viewOf = ({ memory, context: { session, plan } }: EngineStory): View => ({
  plan,
  journal: session.journal,
  ledger: session.ledger,
  run: 'https://github.com/acme/shop/actions/runs/1',
  now: memory.clock.now().toISOString(),
  form: formAt({ serverUrl: 'https://github.com', repository: 'acme/shop' }, 'whole'),
})
