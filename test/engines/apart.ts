import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'

const run = promisify(execFile)

export interface ApartOptions {
  readonly folder: string
  /** The program that starts everything else, says a line once all is there, and keeps its logs in `log`. */
  readonly up: string
  readonly words: readonly string[]
  /** The logs whose last lines tell why it did not come up. */
  readonly logs: readonly string[]
  /** The beginnings of the names of its control groups, read once its processes are killed. */
  groups(): readonly string[]
}

/** An engine and all that it starts, in namespaces of its own. */
export interface Apart {
  /** The first process, whose network and mounts are those of the engine. */
  readonly pid: number
  /** Ends every process, removes their control groups and the folder. */
  close(): Promise<void>
}

/** Makes the folder of a bed. */
export const folderFor = (name: string): string => mkdtempSync(join(tmpdir(), `rollgate-${name}-`))

/** Returns the words before a command that is to run in a network, and ends with this process. */
export const enter = (network: string): readonly string[] => [
  ...['setpriv', '--pdeathsig', 'KILL', 'nsenter'],
  ...[`--net=${network}`, '--'],
]

/** Starts the first process of the namespaces. It ends with this process, and everything inside with it. */
export async function startApart(options: ApartOptions): Promise<Apart> {
  const { folder, up, words } = options
  const apart = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc']
  const first = spawn('setpriv', ['--pdeathsig', 'KILL', ...apart, up, folder, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const close = () => endAll(first, options)
  try {
    await saysReady(first, options)
  } catch (error) {
    await close()
    throw error
  }
  return { pid: first.pid as number, close }
}

async function saysReady(first: ChildProcess, { up, folder, logs }: ApartOptions): Promise<void> {
  let said = ''
  first.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(first, 'exit').then(() => {
    const tails = logs.map((name) => lastWords(join(folder, 'log', name)))
    throw new Error(`${up} ended: ${[said, ...tails].join('\n')}`)
  })
  ended.catch(() => {})
  const lines = createInterface({ input: first.stdout as NodeJS.ReadableStream })
  await Promise.race([once(lines, 'line'), ended])
}

function lastWords(log: string): string {
  try {
    return `${log}: ${readFileSync(log, 'utf8').split('\n').slice(-8).join('\n')}`
  } catch {
    return ''
  }
}

async function endAll(first: ChildProcess, { folder, groups }: ApartOptions): Promise<void> {
  if (first.exitCode === null && first.signalCode === null) {
    const gone = once(first, 'exit')
    first.kill('SIGKILL')
    await gone
  }
  await removeGroups(groups()).finally(() =>
    rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }),
  )
}

/** Removes control groups, in whatever hierarchies this machine has. A group is busy until its last process is gone. */
async function removeGroups(names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const theirs = names.flatMap((name) => ['-o', '-path', `*/${name}*`]).slice(1)
  const left = ['!', '-exec', 'rmdir', '{}', ';', '-print']
  const words = [
    '/sys/fs/cgroup',
    '-depth',
    '-ignore_readdir_race',
    '-type',
    'd',
    '(',
    ...theirs,
    ')',
    ...left,
  ]
  await eventually('the control groups of the bed are gone', async () => {
    const { stdout } = await run('find', words).catch((ended: { stdout: string }) => ended)
    return stdout === ''
  })
}
