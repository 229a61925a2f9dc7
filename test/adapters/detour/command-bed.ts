import type { Command } from '../../../src/domain/config/command.ts'
import type { CommandDetour, CommandDoor, DetourVerb } from '../../../src/domain/config/detour-recipe.ts'
import type { DetourDeed } from '../../../src/domain/detour/deed.ts'
import { command } from '../../contracts/shell.contract.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'
import { createFakeShell, type FakeShell, type Part } from '../../fakes/fake-shell.ts'

/** A system as a team's `observe` prints it. The commands change it, unless a test has them do something else. */
export interface System {
  'stand-in'?: string | null
  follows?: boolean | null
  'frozen-at'?: string | null
  position?: Partial<Record<string, string | null>>
  writable?: Partial<Record<string, string | null>>
  sessions?: Partial<Record<string, number | null>>
  fence?: string | null
  [key: string]: unknown
}

export const before = (): System => ({
  'stand-in': null,
  follows: null,
  'frozen-at': null,
  position: { home: '7', 'stand-in': null },
  timeline: { home: null, 'stand-in': null },
  writable: { home: 'open', 'stand-in': null },
  fence: null,
  sessions: { home: 4, 'stand-in': 0 },
  address: 'db.example.com',
})

type Effects = Partial<
  Record<DetourVerb, (system: System, variables: Readonly<Record<string, string>>) => void>
>

const effects: Effects = {
  open(system) {
    Object.assign(system, { 'stand-in': 'running', follows: true })
    Object.assign(system.writable ?? {}, { 'stand-in': 'impossible' })
    Object.assign(system.position ?? {}, { 'stand-in': '5' })
  },
  fence(system, { ROLLGATE_SIDE = '' }) {
    system.fence = ROLLGATE_SIDE
    Object.assign(system.writable ?? {}, { [ROLLGATE_SIDE]: 'fenced' })
  },
  unfence(system, { ROLLGATE_SIDE = '' }) {
    system.fence = null
    Object.assign(system.writable ?? {}, { [ROLLGATE_SIDE]: 'open' })
  },
  level(system, { ROLLGATE_POSITION = '' }) {
    Object.assign(system.position ?? {}, { 'stand-in': ROLLGATE_POSITION })
  },
  cut(system) {
    Object.assign(system, { follows: false, 'frozen-at': system.position?.['stand-in'] })
  },
  rejoin(system) {
    Object.assign(system, { follows: true, 'frozen-at': null })
  },
  harden(system) {
    system.fence = null
    Object.assign(system.sessions ?? {}, { home: 0 })
  },
  close(system, { ROLLGATE_CLOSING = '' }) {
    if (ROLLGATE_CLOSING === 'move') Object.assign(system.writable ?? {}, { 'stand-in': 'open' })
    else Object.assign(system.writable ?? {}, { home: 'open' })
    if (ROLLGATE_CLOSING !== 'revert') return
    Object.assign(system.position ?? {}, { home: system['frozen-at'] })
    system['failed-home'] = 'db-failed'
  },
  discard(system) {
    Object.assign(system, { 'stand-in': null, follows: null, 'frozen-at': null })
  },
  'discard-failed-home'(system) {
    system['failed-home'] = null
  },
}

export const verbs = Object.fromEntries(
  Object.keys(effects).map((name) => [name, command(`db ${name}`, { timeout: 5000 })]),
) as Record<DetourVerb, Command>

export const databaseRecipe: CommandDetour = { kind: 'command', observe: command('db observe'), verbs }

export const doorRecipe: CommandDoor = {
  kind: 'command',
  observe: command('door observe'),
  point: command('door point', { timeout: 5000 }),
  writes: { open: command('door open'), shut: command('door shut') },
  marker: null,
}

/** A fake shell over a system; `parts` take the place of a command's own effect. */
export function systemBed(system: System, parts: Partial<Record<string, Part>> = {}) {
  const clock = createFakeClock()
  const shell = createFakeShell(clock)
  shell.play('db observe', () => ({ lines: [JSON.stringify(system)] }))
  for (const [name, effect] of Object.entries(effects))
    shell.play(`db ${name}`, ({ variables }) => {
      if (parts[name] !== undefined) return parts[name]
      effect(system, variables)
      return {}
    })
  return { clock, shell, system }
}

/** The commands that ran beside `observe`. */
export const changes = ({ calls }: FakeShell): string[] =>
  calls.map(({ command }) => command.run).filter((run) => !run.endsWith('observe'))

export function whyNot(deed: DetourDeed): string {
  return deed.kind === 'failed' ? deed.failure.what : 'done'
}
