import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { freePort } from '../../init/free-port.ts'
import { gitIn } from './ledger-ref.ts'

/** A repository behind git's own daemon on loopback, which takes no push. */
export interface GitServer {
  readonly gitDir: string
  readonly url: string
  stop(): Promise<void>
}

export async function startGitServer(folder: string): Promise<GitServer> {
  const gitDir = `${folder}/shop.git`
  gitIn(gitDir, ['init', '--quiet', '--bare', gitDir])
  const port = await freePort()
  const args = ['daemon', '--reuseaddr', '--export-all', `--base-path=${folder}`]
  const daemon = spawn('git', [...args, '--listen=127.0.0.1', `--port=${port}`], {
    ...{ stdio: 'ignore', detached: true },
  })
  const ended = once(daemon, 'exit')
  await eventually('git answers', () => listens(port))
  return {
    gitDir,
    url: `git://127.0.0.1:${port}/shop.git`,
    async stop() {
      if (daemon.pid !== undefined) process.kill(-daemon.pid, 'SIGTERM')
      await ended
    },
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
