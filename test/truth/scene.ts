import type { DeclaredService } from '../../src/domain/config/declared-service.ts'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { InMemory } from '../pipeline/in-memory.ts'
import type { Life } from './life.ts'

/** The world as it really is, apart from every ledger. */
export interface Seen {
  /** The release that visitors get from each place, as `web/web-1` or the name of a service; null where they get none. */
  readonly places: ReadonlyMap<string, string | null>
  /** The releases that visitors get now. */
  readonly visitors: ReadonlySet<string>
  readonly scheduler: 'on' | 'off'
  /** True while visitors see the maintenance page. */
  readonly page: boolean
  /** True if a migration has changed the database, by half or as a whole. */
  readonly migrated: boolean
  /** True if a two-phase migration was started and not ended. */
  readonly migrating: boolean
  /** True if a copy of a detour is there. */
  readonly copy: boolean
  /** The side that visitors are on; null where there is one place only. */
  readonly side: 'home' | 'stand-in' | null
  /** Everything that may never happen, and did. */
  readonly breaches: readonly string[]
}

/** A world with a deployment to come. */
export interface Scene {
  readonly memory: InMemory
  readonly plan: Plan
  readonly policy: EnvironmentPolicy
  readonly before: Partial<Ledger>
  /** The services as the serving release has them, for the clock's watch. */
  readonly services: readonly DeclaredService[]
  /** The answers of the person to questions of a kind, in the story without a lost run. */
  readonly wishes: readonly FinalDecision[]
  /** A person repairs what is broken. */
  repair(): void
  /** A person does the work of a step by hand, or has seen that it is done. */
  byHand(step: string, back: boolean): void
  /** True if the command of a step, or of its way back, has come to its end. */
  hasRun(step: string, back: boolean): boolean
  seen(): Promise<Seen>
}

/** Makes a scene whose deployment has effects of this life. */
export type SceneOf = (life: Life) => Scene
