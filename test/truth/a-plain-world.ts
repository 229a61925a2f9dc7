import type { MaintenanceRecipe, TwoPhases } from '../../src/domain/config/recipe.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { aCommand, aService, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory } from '../pipeline/in-memory.ts'
import type { Scene, Seen } from './scene.ts'

/** Instances behind a front door, a scheduler, a database and a maintenance page, in memory. */
export interface PlainWorld {
  readonly memory: InMemory
  /** Commands and questions that fail until a person repairs them: `self-test web-2`, `migrate`. */
  readonly broken: Set<string>
  readonly scene: Pick<Scene, 'memory' | 'repair' | 'byHand' | 'hasRun' | 'seen'>
}

export const maintenance: MaintenanceRecipe = {
  ...{ open: aCommand('page-on'), close: aCommand('page-off'), pages: [], timeout: 30_000, lease: 3_600_000 },
  ...{ shown: { kind: 'run', command: aCommand('page-status') }, when: 'migrate', closeAfter: 'services' },
}

export const twoPhases: TwoPhases = {
  ...{ command: aCommand('migrate'), complete: aCommand('complete'), rollback: aCommand('migrate-back') },
  ...{ phase: 'expand', repeatable: false, completeAfter: null },
}

/** A service whose traffic is switched by commands, and seen. */
export const switched = (
  instances: number,
  rollout: Partial<Service['rollout']> = {},
  change: Partial<Service> = {},
): Service =>
  aService('web', instances, rollout, {
    traffic: {
      ...{ kind: 'command', leave: aCommand('leave'), enter: aCommand('enter'), timeout: 10_000 },
      serving: { kind: 'run', command: aCommand('in-pool') },
    },
    ...change,
  })

const exit = { ends: { kind: 'exited', code: 1 } } as const

export function aPlainWorld(instances: number, inPlace = false): PlainWorld {
  const memory = inMemory()
  const names = Array.from({ length: instances }, (_, at) => `web-${at + 1}`)
  const running = new Map<string, string | null>(names.map((name) => [name, older.tag]))
  const installed = new Map<string, string>(names.map((name) => [name, older.tag]))
  const pool = new Set(names)
  const broken = new Set<string>()
  const breaches: string[] = []
  const ended = new Set<string>()
  const state = { scheduler: 'on' as 'on' | 'off', page: false, database: 'older', open: false }

  const effects: Readonly<Record<string, (name: string, tag: string) => void>> = {
    stop(name) {
      if (pool.has(name)) breaches.push(`${name} was stopped in traffic`)
      running.set(name, null)
    },
    install(name, tag) {
      if (!inPlace && running.get(name) !== null) breaches.push(`${name} was installed over a process`)
      installed.set(name, tag)
    },
    start: (name) => void running.set(name, installed.get(name) ?? null),
    leave: (name) => void pool.delete(name),
    enter: (name) => void pool.add(name),
    suspend: () => void Object.assign(state, { scheduler: 'off' }),
    resume: () => void Object.assign(state, { scheduler: 'on' }),
    'page-on': () => void Object.assign(state, { page: true }),
    'page-off': () => void Object.assign(state, { page: false }),
    migrate() {
      if (state.database === 'newer') breaches.push('the database was migrated twice')
      Object.assign(state, { database: 'newer', open: true })
    },
    'migrate-back': () => void Object.assign(state, { database: 'older', open: false }),
    restore: () => void Object.assign(state, { database: 'older' }),
  }
  for (const [run, effect] of Object.entries(effects))
    memory.shell.play(run, ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
      if (broken.has(run) || broken.has(`${run} ${name}`)) return exit
      effect(name, tag)
      ended.add(run)
      return {}
    })
  memory.shell.play('back-up', () => ({ lines: ['shop-0411 0/3000148'] }))
  for (const way of ['leave', 'enter'] as const)
    memory.traffic[way] = async (name) => {
      if (broken.has(`${way} ${name}`)) return 'it does not answer'
      effects[way]?.(name, '')
      return null
    }
  const answer = (question: string, yes: (name: string) => boolean, text = (_: string) => '') =>
    memory.prober.replyBy(question, ({ ROLLGATE_INSTANCE: name = '' }) =>
      yes(name) && !broken.has(`${question} ${name}`) && !broken.has(question)
        ? { kind: 'yes', text: text(name) }
        : { kind: 'no', why: 'answered 503', text: '' },
    )
  const up = (name: string) => running.get(name) !== null
  answer('version', up, (name) => running.get(name) ?? '')
  answer('is-alive', up)
  answer('self-test', up)
  answer('in-pool', (name) => pool.has(name))
  answer('page-status', () => state.page)
  answer('https://front.example/', () => true)

  const seen = async (): Promise<Seen> => {
    const places = new Map(
      names.map((name) => [`web/${name}`, pool.has(name) ? (running.get(name) ?? null) : null]),
    )
    return {
      places,
      visitors: new Set([...places.values()].filter((tag) => tag !== null)),
      ...{ scheduler: state.scheduler, page: state.page, copy: false, side: null, breaches },
      ...{ migrated: state.database !== 'older', migrating: state.open },
    }
  }
  const forward: Readonly<Record<string, string>> = {
    'suspend-scheduler': 'suspend',
    'resume-scheduler': 'resume',
    'open-maintenance': 'page-on',
    'close-maintenance': 'page-off',
    migrate: 'migrate',
    restore: 'restore',
  }
  const backward: Readonly<Record<string, string>> = {
    'suspend-scheduler': 'resume',
    'open-maintenance': 'page-off',
    migrate: 'migrate-back',
  }
  return {
    memory,
    broken,
    scene: {
      memory,
      seen,
      repair: () => broken.clear(),
      hasRun: (step, back) => ended.has((back ? backward : forward)[step] ?? step),
      byHand(step, back) {
        const run = (back ? backward : forward)[step] ?? ''
        if (run === 'migrate' && state.database === 'newer') return
        effects[run]?.('', '')
      },
    },
  }
}
