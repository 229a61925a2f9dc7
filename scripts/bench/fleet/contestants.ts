import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SETTINGS } from '../../../test/real/bed/bed.ts'
import { programPath } from '../../../test/real/bed/parts.ts'
import type { Roll, Rolled } from './roll.ts'
import { rollByRollgate } from './rollgate.ts'
import { QUICK_SETTINGS, type Track } from './track.ts'

export interface Contestant {
  readonly key: string
  readonly name: string
  /** Rejects when it fails or is ended. */
  roll(track: Track, roll: Roll): Promise<Rolled>
  /** The reason why this contestant cannot take part here; null if it can. */
  missing(): string | null
}

export const FLOOR = 'floor'

export const contestants: readonly Contestant[] = [
  byCommand(FLOOR, 'floor: the same without ssh', 'bash', () => [...loop, 'here'], { leave: true }),
  rollgate('rollgate', 'Rollgate', SETTINGS),
  rollgate('rollgate-quick', 'Rollgate, curve25519', QUICK_SETTINGS),
  byCommand('tuned', 'loop, an ssh a host, curve25519', 'bash', () => [...loop, 'by-host']),
  byCommand('loop', 'loop, an ssh a command, shared', 'bash', () => [...loop, 'by-command']),
  byCommand('capistrano', 'Capistrano', 'cap', (_track, folder) => {
    cpSync(beside('Capfile'), join(folder, 'Capfile'))
    return ['cap', 'roll']
  }),
  byCommand('ansible', 'Ansible', 'ansible-playbook', ({ env }, folder) => {
    const inventory = join(folder, 'inventory')
    writeFileSync(inventory, `${env.FLEET?.replaceAll(' ', '\n')}\n`)
    return ['ansible-playbook', '-i', inventory, beside('playbook.yml')]
  }),
]

function rollgate(key: string, name: string, settings: string): Contestant {
  return { key, name, missing: () => null, roll: (track, roll) => rollByRollgate(track, roll, settings) }
}

function byCommand(
  key: string,
  name: string,
  program: string,
  argvIn: (track: Track, folder: string) => readonly string[],
  { leave = false } = {},
): Contestant {
  return {
    key,
    name,
    missing: () => (programPath(program) === null ? `there is no ${program} here` : null),
    async roll(track, { release, width, signal }) {
      const cwd = track.emptyFolder()
      const env = {
        ...track.env,
        ...ansible(track, cwd),
        RELEASE: release,
        WIDTH: String(width),
        AS_LOGIN: track.asLogin.join(' '),
      }
      return {
        ...(await track.gauge.run({ argv: argvIn(track, cwd), cwd, env, signal, leave })),
        rolling: null,
      }
    },
  }
}

/** The settings that Ansible's own manual names for speed. */
const ansible = ({ env }: Track, folder: string): Record<string, string> => ({
  ANSIBLE_LOCAL_TEMP: join(folder, 'local'),
  ANSIBLE_SSH_CONTROL_PATH_DIR: folder,
  ANSIBLE_SSH_ARGS: `-F ${env.SETTINGS} -o ControlMaster=auto -o ControlPersist=60s`,
  ANSIBLE_PIPELINING: 'true',
  ANSIBLE_FORKS: '50',
  ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
})

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const loop = ['bash', beside('roll.sh')]
