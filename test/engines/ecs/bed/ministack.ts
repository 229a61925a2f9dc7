import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '../../../../src/sandbox/fleet/eventually.ts'
import { type Daemon, startDaemon } from '../../swarm/bed/daemon.ts'
import { programOf } from '../../tools.ts'

const run = promisify(execFile)

/** Everything that a test of ECS needs on this machine. */
export const ecsNeeds = [
  'dockerd',
  'docker',
  'go',
  'ip',
  'unshare',
  'setpriv',
  'nsenter',
  'ministack',
  'aws',
] as const

/** The API of ECS, by ministack, with tasks that are containers of a daemon beside it. */
export interface EcsBed {
  readonly daemon: Daemon
  /** The environment of commands that are to find `aws`, and the API by it. */
  readonly env: NodeJS.ProcessEnv
  /** Calls `aws ecs`, and returns what it printed. */
  ecs<T>(...words: readonly string[]): Promise<T>
  /** Calls `aws ecs wait`, for two minutes at most; fails where that does not end well. */
  waits(...words: readonly string[]): Promise<unknown>
  close(): Promise<void>
}

export const ENDPOINT = 'http://127.0.0.1:4566'

export async function startEcs(): Promise<EcsBed> {
  const daemon = await startDaemon()
  const [program = '', ...enter] = await daemon.inside()
  const own = {
    ...daemon.env,
    GATEWAY_PORT: '4566',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'eu-west-1',
  }
  const words = [...enter, programOf('ministack')]
  const stack = spawn(program, words, { env: own, stdio: 'ignore', cwd: daemon.folder })
  const env = { ...own, PATH: `${awsInside(daemon, [program, ...enter])}:${process.env.PATH}` }
  const place = ['--output', 'json', '--endpoint-url', ENDPOINT, 'ecs']
  const ecs = async (...what: readonly string[]) =>
    JSON.parse((await run('aws', [...place, ...what], { env, maxBuffer: 64 * 1024 * 1024 })).stdout)
  const bed = {
    daemon,
    env,
    ecs,
    waits: (...what: readonly string[]) => run('aws', [...place, 'wait', ...what], { env, timeout: 120_000 }),
    async close() {
      stack.kill('SIGKILL')
      if (stack.exitCode === null && stack.signalCode === null) await once(stack, 'exit')
      await daemon.close()
    },
  }
  try {
    await eventually('ministack answers', () =>
      ecs('create-cluster', '--cluster-name', 'shop').then(
        () => true,
        () => false,
      ),
    )
    return bed
  } catch (error) {
    await bed.close()
    throw error
  }
}

/** An `aws` that looks for the API where it is: inside. Returns its folder. */
function awsInside(daemon: Daemon, enter: readonly string[]): string {
  const folder = join(daemon.folder, 'bin')
  mkdirSync(folder)
  const file = join(folder, 'aws')
  writeFileSync(file, `#!/bin/sh\nexec ${enter.join(' ')} ${programOf('aws')} "$@"\n`)
  chmodSync(file, 0o755)
  return folder
}
