import type { StepAside } from '../../src/domain/config/detour-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Variables } from '../../src/pipeline/ports.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aCommand, aService, older } from '../domain/a-plan.ts'
import { durableLedger, type InMemory, inMemory, type Lean, leanPlan } from './in-memory.ts'

/** An application at home and on the stand-in, with its database and door, in memory. */
export interface DetourWorld {
  readonly memory: InMemory
  /** The release that each instance runs; null while it is stopped. */
  readonly running: ReadonlyMap<string, string | null>
  /** Everything that no detour may ever do. */
  readonly breaches: string[]
  /** Every effect so far: of the applications, the databases and the door. */
  readonly effects: readonly string[]
  /** The release that visitors get now; null where nothing answers them. */
  visitors(): string | null
  /** From the nth effect on nothing of this run happens any more. `done`: the nth itself still does. */
  killAt(n: number, done: boolean): Promise<'killed'>
  /** True while a killed run has no successor. */
  isDead(): boolean
  /**
   * Another run works from now on. The fence was held by the lost one, so that a writer which passes the door gets through.
   * Throws if no run was lost: a test of it would prove nothing.
   */
  revive(by?: { readonly writes?: boolean }): void
}

const home = ['web-1', 'web-2']
const standIn = ['aside-1', 'aside-2']

/** `around`: does an effect; a test may lose the run before it, or right after it. `served`: the release that serves. */
export function aDetourWorld(
  around: (what: string, change: () => void) => Promise<void> = async (_what, change) => change(),
  served: string = older.tag,
): DetourWorld {
  const running = new Map<string, string | null>([
    ...home.map((name): [string, string] => [name, served]),
    ...standIn.map((name): [string, null] => [name, null]),
  ])
  const installed = new Map<string, string>(home.map((name) => [name, served]))
  const breaches: string[] = []
  const effects: string[] = []
  let death: { at: number; done: boolean; die(): void } | null = null
  let dead = false
  const forever = () => new Promise<never>(() => {})
  const breach = (so: boolean, what: string) => so && breaches.push(what)

  const perform = (what: string, change: () => void): Promise<void> => {
    let later: Promise<void> = Promise.resolve()
    return around(what, () => {
      later = performs(what, change)
    }).then(() => later)
  }

  /** Does an effect, unless the run dies there. */
  async function performs(what: string, change: () => void): Promise<void> {
    if (dead) await forever()
    const dies = death !== null && effects.length + 1 >= death.at
    if (!dies || death?.done === true) {
      change()
      effects.push(what)
      breach(visitors() === null, `nobody answers visitors after ${what}`)
      const { rows, standIn } = detour.state
      if (what === 'point stand-in')
        breach(
          standIn !== null && rows['stand-in'] !== rows.home,
          'visitors were moved to a stand-in that lacks writes',
        )
      if (what === 'point home' || what === 'discard')
        breach(uncounted(what), `writes on the stand-in were counted by no one before ${what}`)
    }
    if (!dies) return
    dead = true
    death?.die()
    await forever()
  }

  const memory = inMemory(perform)
  /** The instances that were taken out of traffic by themselves. */
  const left = new Set<string>()
  memory.traffic.leave = async (name) => {
    left.add(name)
    return null
  }
  memory.traffic.enter = async (name) => {
    left.delete(name)
    return null
  }
  const plainFleet = memory.ports.fleet
  const { detour } = memory
  const visitors = (): string | null => {
    const names = detour.state.marker === 'home' ? home : standIn
    const releases = new Set(names.map((name) => running.get(name) ?? null))
    return releases.size === 1 ? ([...releases][0] ?? null) : 'mixed'
  }

  /** True if the ledger does not have the writes on a stand-in that was opened for them, and whose place home takes. */
  /** A copy that no visitor has been on has no writes of theirs. */
  const uncounted = (what: string): boolean => {
    const { lost } = detour.state
    const { detour: open, pair } = durableLedger(memory)
    if (pair !== null && what === 'discard') return false
    const notes = pair?.notes ?? open?.notes ?? []
    const counted = notes.findLast(({ act }) => act === (pair === null ? 'closed' : 'counted'))
    return lost !== null && counted?.evidence.way !== 'revert' && counted?.evidence.lost !== `${lost}`
  }

  const nameIn = ({ ROLLGATE_INSTANCE: name = '' }: Variables): string => name
  const commands: Readonly<Record<string, (seen: Variables) => void>> = {
    stop: (seen) => {
      const serves = detour.state.marker === (home.includes(nameIn(seen)) ? 'home' : 'stand-in')
      breach(serves && !left.has(nameIn(seen)), `${nameIn(seen)} was stopped while it served`)
      running.set(nameIn(seen), null)
    },
    install: (seen) => void installed.set(nameIn(seen), seen.ROLLGATE_RELEASE ?? ''),
    start: (seen) => {
      const other = running.get(nameIn(seen))
      const tag = installed.get(nameIn(seen)) ?? null
      breach(other !== null && other !== tag, `${nameIn(seen)} was started over ${other}`)
      running.set(nameIn(seen), tag)
    },
    restore: () => {
      breach(detour.state.marker === 'home', 'the database was restored while home served')
      breach(detour.state.follows, 'the stand-in followed home into its restore')
      breach(
        home.some((name) => running.get(name) !== null),
        'the database was restored under an application',
      )
      detour.state.rows.home = 40
    },
    migrate: () => {
      breach(detour.state.marker === 'home', 'the database was migrated while home served')
      breach(detour.state.follows, 'the stand-in followed home into its migration')
      // Running it twice is harmless, as the plan says.
      if (detour.state.rows.home < 1_000) detour.state.rows.home += 1_000
    },
  }
  const run: InMemory['ports']['shell']['run'] = async (command, seen, watch) => {
    const change = commands[command.run]
    if (change !== undefined)
      await perform(`${command.run} ${seen.ROLLGATE_INSTANCE ?? ''}`.trim(), () => change(seen))
    else if (dead) await forever()
    return memory.shell.run(command, seen, watch)
  }
  const alive = (seen: Variables) =>
    running.get(nameIn(seen)) === null
      ? ({ kind: 'absent', why: 'connection refused' } as const)
      : ({ kind: 'yes', text: running.get(nameIn(seen)) ?? '' } as const)
  for (const question of ['version', 'is-alive', 'self-test']) memory.prober.replyBy(question, alive)
  Object.assign(memory.ports, {
    shell: { run },
    fleet: (recipe: Parameters<InMemory['ports']['fleet']>[0]) => ({
      ...plainFleet(recipe),
      run: (
        _instance: unknown,
        command: Parameters<typeof run>[0],
        seen: Variables,
        watch: Parameters<typeof run>[2],
      ) => run(command, seen, watch),
    }),
  })

  return {
    memory,
    running,
    breaches,
    effects,
    visitors,
    killAt: (n, done) =>
      new Promise((resolve) => {
        death = { at: n, done, die: () => resolve('killed') }
      }),
    isDead: () => dead,
    revive({ writes = true } = {}) {
      if (!dead) throw new Error('no run was lost')
      death = null
      dead = false
      detour.state.fence = null
      // Writers that pass the door.
      if (writes) detour.write('home')
      if (writes && detour.state.standIn === 'running') detour.write('stand-in')
    },
  }
}

/** A plan that steps aside, and migrates. */
export const steppingAside = (
  change: Partial<StepAside> = {},
  steps: Partial<StepRecipes> = {},
  asks: Partial<Lean> = {},
): Plan =>
  leanPlan({
    detour: true,
    services: [aService('web', 2)],
    steps: {
      detour: aDetour(change),
      migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: true },
      ...steps,
    },
    ...asks,
  })
