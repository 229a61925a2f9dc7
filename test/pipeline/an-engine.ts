import type { DeclaredService } from '../../src/domain/config/declared-service.ts'
import type { EngineService } from '../../src/domain/config/engine-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Images } from '../../src/domain/engine/engine-seen.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Release } from '../../src/domain/release/release.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aRun } from '../domain/a-journal.ts'
import {
  aDigest,
  aLedgerServing,
  anEngineService,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { type InMemory, inMemory } from './in-memory.ts'

/** The release that is brought, whose build printed the digest of its image. */
export const built: Release = aRelease('v1.1.0', { schemaVersion: '42', outputs: { DIGEST: aDigest('2') } })

/** The image of a service by its digest, of which one character is enough. */
export const imagesOf = (service: string, character: string): Images => ({
  [service]: `registry/${service}@${aDigest(character)}`,
})

/** A ledger whose serving release was seen to run these images. */
export function servingImages(images: Readonly<Record<string, Images>>): Ledger {
  const ledger = aLedgerServing(older)
  return {
    ...ledger,
    serving: ledger.serving && { ...ledger.serving, preDeploy: null, images },
  }
}

interface Engines {
  readonly services?: readonly DeclaredService[]
  readonly steps?: Partial<StepRecipes>
  readonly ledger?: Ledger
  readonly release?: Release
  readonly redeploy?: boolean
  readonly wanted?: 'deploy' | 'restart' | 'rollback'
}

/** A plan without a gate that hands over; `api` alone unless a test says otherwise. */
export function enginePlan({ services = [anEngineService('api')], steps = {}, ...asks }: Engines = {}): Plan {
  return aPlan({
    release: built,
    ledger: servingImages({ api: imagesOf('api', '1') }),
    ...asks,
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({ steps: { ...noSteps, ...steps }, services }),
  })
}

/** Ports in memory, with engines that serve the older release. */
export function onEngines(...services: readonly string[]): InMemory {
  const memory = inMemory()
  for (const service of services.length === 0 ? ['api'] : services)
    memory.engines.at(service, imagesOf(service, '1'))
  return memory
}

export const rollsBack: Partial<EngineService> = { onFailure: 'roll-back' }

/** The next run, on the world as it is, with the ledger that a lost run had saved. */
export const goOnFrom = async (memory: InMemory, ledger: Ledger | undefined): Promise<RunEnding> =>
  execute(await resumedFrom(memory, ledger))

/** Returns the context of the run after a lost one. */
export async function resumedFrom(memory: InMemory, ledger: Ledger | undefined): Promise<Context> {
  if (ledger?.deployment == null) throw new Error('the lost run saved no deployment')
  const { head } = await memory.ledgers.read('shop', 'production')
  await memory.ledgers.append(head, ledger, 'as a lost run left it')
  const session = openSession(await memory.ledgers.read('shop', 'production'), memory.ports)
  session.note({ kind: 'resumed', run: aRun(2), by: ['bob'] })
  const { signal } = new AbortController()
  const { plan } = ledger.deployment
  return { ports: memory.ports, plan, session, stop: { asked: signal, forced: signal } }
}
