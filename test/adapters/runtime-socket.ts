import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface FakeServer {
  status: string
  check: string
  sessions: number
}

/** A runtime API as haproxy has it, with one backend, `web`. */
export interface RuntimeSocket {
  readonly path: string
  /** Commands in the order they came. */
  readonly commands: string[]
  /** The most connections there were at a time. */
  mostAtOnce(): number
  readonly servers: Record<string, FakeServer>
  /** Answers a command in haproxy's place; null leaves it to haproxy, and 'break' breaks the connection off. */
  answerBy(answer: (command: string) => Promise<string | 'break' | null> | string | 'break' | null): void
  close(): Promise<void>
}

export async function listenAsHaproxy(...names: readonly string[]): Promise<RuntimeSocket> {
  const folder = mkdtempSync(join(tmpdir(), 'runtime-'))
  const path = join(folder, 'admin.sock')
  const commands: string[] = []
  const servers: Record<string, FakeServer> = Object.fromEntries(
    names.map((name) => [name, { status: 'UP', check: 'L7OK', sessions: 0 }]),
  )
  const open = new Set<Socket>()
  let most = 0
  let answerBy: Parameters<RuntimeSocket['answerBy']>[0] = () => null

  const listener = createServer((socket) => {
    open.add(socket)
    most = Math.max(most, open.size)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.once('data', async (data) => {
      for (const command of data.toString().trimEnd().split(';')) {
        commands.push(command)
        const answer = (await answerBy(command)) ?? answerTo(command, servers)
        if (answer === 'break') return socket.destroy()
        socket.write(`${answer}\n`)
      }
      return socket.end()
    })
  })
  await new Promise<void>((resolve) => listener.listen(path, resolve))

  return {
    path,
    commands,
    servers,
    mostAtOnce: () => most,
    answerBy(answer) {
      answerBy = answer
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const statuses: Readonly<Record<string, string>> = { drain: 'DRAIN', maint: 'MAINT', ready: 'UP' }

function answerTo(command: string, servers: Record<string, FakeServer>): string {
  const [, state, backend, name = '', wanted = ''] =
    /^(set|shutdown sessions) server ([^/]+)\/(\S+)(?: state (\w+))?$/.exec(command) ?? []
  if (state !== undefined) {
    const server = servers[name]
    if (backend !== 'web') return 'No such backend.\n'
    if (server === undefined) return 'No such server.\n'
    if (state === 'set') server.status = statuses[wanted] ?? server.status
    else server.sessions = 0
    return ''
  }
  const [, number] = /^show stat web 4 (-1|\d+)$/.exec(command) ?? []
  if (number === undefined) return 'No such proxy.\n'
  const rows = Object.entries(servers).map(([name, { status, check, sessions }], at) => ({
    number: String(at + 1),
    text: `web,${name},0,${sessions},${status},${at + 1},${check},`,
  }))
  const asked = rows.filter((row) => number === '-1' || row.number === number).map(({ text }) => text)
  return ['# pxname,svname,qcur,scur,status,sid,check_status,', ...asked, ''].join('\n')
}
