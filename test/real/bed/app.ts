import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endProcess, isRunning, signalled } from '../../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'

/** The troubles of a host: a file with this name causes each. */
export type Trouble =
  /** Content: the release to fail; empty for all releases. */
  | 'self-test-fails'
  | 'never-alive'
  | 'install-hangs'
  | 'install-fails'
  /** Content: seconds. */
  | 'install-takes'
  /** Content: milliseconds from the start until it listens, or for each request. */
  | 'boot-ms'
  | 'slow-ms'
  /** Content: the answer of `/figures`. */
  | 'figures'

/** The place of an application. */
export interface AppPlace {
  readonly name: string
  readonly address: string
  /** The home of the login user there. */
  readonly home: string
}

/** The application on one host. */
export interface App extends AppPlace {
  readonly port: number
  /** The work on this host, in order: `install v2.0.0`. */
  seen(): string[]
  /** Forgets the work so far. */
  forget(): void
  /** The release that is installed. */
  release(): string
  trouble(kind: Trouble, text?: string): void
  calm(kind: Trouble): void
  isRunning(): boolean
  /** Runs one of the operator's commands, as ssh would have it run. */
  operate(task: 'stop' | 'install' | 'switch' | 'start', release: string): Promise<void>
  /** Ends it without its noticing; resolves when it is gone. */
  crash(): Promise<void>
  close(): Promise<void>
}

const sources = fileURLToPath(new URL('host/', import.meta.url))

/** Makes the program that every host of a bed has; answers its path. */
export function compileApp(folder: string): string {
  const program = join(folder, 'app')
  execFileSync('cc', ['-O1', '-pthread', '-o', program, join(sources, 'app.c')])
  return program
}

/** Puts the application and its operator's script into a home. Nothing runs yet. */
export function installApp(place: AppPlace, port: number, program: string): App {
  const { name, address, home } = place
  const at = (file: string) => join(home, file)
  const read = (file: string) => readFileSync(at(file), 'utf8').trim()
  const { uid, gid } = statSync(home)

  mkdirSync(at('bin'))
  copyFileSync(program, at('bin/app'))
  copyFileSync(join(sources, 'host'), at('bin/host'))
  for (const file of ['bin/app', 'bin/host']) chmodSync(at(file), 0o755)
  writeFileSync(at('listens'), `${address} ${port}\n`)
  writeFileSync(at('seen'), '')
  chownSync(at('seen'), uid, gid)

  return {
    ...place,
    port,
    seen: () => read('seen').split('\n').filter(Boolean),
    // Truncated rather than rewritten: the file belongs to the login user.
    forget: () => truncateSync(at('seen')),
    release: () => read('release'),
    trouble: (kind, text = '') => writeFileSync(at(kind), text),
    calm: (kind) => rmSync(at(kind), { force: true }),
    isRunning() {
      const pid = pidIn(home)
      return pid !== null && isRunning(pid)
    },
    async operate(task, release) {
      const env = { PATH: process.env.PATH, HOME: home, ROLLGATE_RELEASE: release }
      const child = spawn(at('bin/host'), [task], { env, stdio: 'ignore', cwd: home, uid, gid })
      const [code] = await once(child, 'exit')
      if (code !== 0) throw new Error(`${task} of ${name} exited with ${code}`)
    },
    async crash() {
      const pid = pidIn(home)
      if (pid === null) return
      signalled(pid, 'SIGKILL')
      await eventually(`${name} is gone`, () => !isRunning(pid))
    },
    async close() {
      const pid = pidIn(home)
      if (pid !== null) await endProcess(pid)
    },
  }
}

/** Null where it never ran. */
function pidIn(home: string): number | null {
  try {
    return Number(readFileSync(join(home, 'pid'), 'utf8'))
  } catch {
    return null
  }
}
