import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import type { DetourSide } from '../../../src/domain/detour/side.ts'
import type { Ledger } from '../../../src/domain/ledger/ledger.ts'
import { openProject, type Project } from './project.ts'
import { type AtEnd, migrate, type SmoothBed } from './smooth.ts'

/** The bundle deploys the shop: its commands start and stop the applications of the bed by asking the bed for it. */
export interface SmoothProject {
  readonly project: Project
  /** Makes a further release, which migrates. */
  release(tag: string): Promise<void>
  readonly env: Readonly<Record<string, string>>
  /** The requests of the commands, in order, like `stop home`. */
  readonly asked: readonly string[]
}

export interface SmoothProjectOptions {
  readonly atEnd?: AtEnd
  readonly phase?: 'expand' | 'contract'
  /** Another bundle than the one that ships. */
  readonly entry?: string
}

export async function aSmoothProject(
  bed: SmoothBed,
  changes: Readonly<Record<string, unknown>> = {},
  { atEnd = onTestFinished, phase = 'contract', entry }: SmoothProjectOptions = {},
): Promise<SmoothProject> {
  const asked: string[] = []
  const control = await startControl(bed, asked, atEnd)
  const project = await openProject({}, { release: { 'read-only': 'supported' } }, entry)
  atEnd(() => project.close())
  const steps = {
    migrate: { phase, run: `curl -fsS -X POST ${control}/migrate/home`, shell: 'sh' },
    detour: { clone: { ...cloneOf(bed, control), ...changes } },
  }
  const service = serviceOf(bed, control, 'home', 'web-1')
  const release = (tag: string) => project.release(tag, service, steps)
  await project.release('v1', service, { detour: steps.detour })
  await release('v2')
  return { project, release, asked, env: { DATABASE_ADMIN: bed.postgres.admin } }
}

/** The rows that were lost by what the ledger has noted, in any of its states; null before a detour was closed. */
export const lostIn = ({ github }: Project): string | null =>
  /"lost":\s*"([^"]*)"/.exec(
    execFileSync('git', ['--git-dir', github.gitDir, 'log', '--patch', 'refs/rollgate/shop/production'], {
      encoding: 'utf8',
      maxBuffer: 1e9,
    }),
  )?.[1] ?? null

/** The rows by table that the newest end of a detour has told as lost, by the ledger; null where it told none. */
export function lostByTable({ github }: Project, detour: string): string | null {
  const git = (...words: string[]) =>
    execFileSync('git', ['--git-dir', github.gitDir, ...words], { encoding: 'utf8', maxBuffer: 1e9 })
  for (const commit of git('rev-list', 'refs/rollgate/shop/production').split('\n').filter(Boolean)) {
    const ledger = JSON.parse(git('show', `${commit}:ledger.json`)) as Ledger
    if (ledger.detour?.id !== detour) continue
    return ledger.detour.notes.findLast(({ act }) => act === 'closed')?.evidence['lost-by-table'] ?? null
  }
  return null
}

const serviceOf = ({ ports }: SmoothBed, control: string, side: DetourSide, instance: string) => {
  const at = `http://127.0.0.1:${ports[side]}`
  const ask = (what: string) => ({
    run: `curl -fsS -X POST "${control}/${what}/${side}/$ROLLGATE_RELEASE"`,
    shell: 'sh',
  })
  return {
    fleet: {
      local: { instances: [instance] },
      stop: ask('stop'),
      install: ask('install'),
      start: ask('start'),
    },
    rollout: { 'accept-downtime': true },
    version: { http: `${at}/version`, timeout: '2s' },
    'health-check': {
      http: `${at}/`,
      interval: '20ms',
      'min-healthy-time': '40ms',
      'healthy-deadline': '20s',
      timeout: '5s',
    },
  }
}

function cloneOf(bed: SmoothBed, control: string) {
  const { postgres, balancers } = bed
  const { standIn, homeData, programs } = postgres.recipe
  const { sockets, map, marker } = balancers.recipe
  const { data, host, port } = standIn
  return {
    mode: bed.mode,
    'accept-data-loss': bed.mode === 'read-write',
    database: {
      postgres: {
        home: 'DATABASE_ADMIN',
        'stand-in': { data, host, port },
        'home-data': homeData,
        programs,
      },
    },
    door: {
      haproxy: {
        socket: [...sockets],
        map,
        'writes-key': 'writes',
        backends: { home: 'home', 'stand-in': 'stand-in' },
        marker: { addresses: [...marker.addresses], header: marker.header },
      },
    },
    services: { aside: serviceOf(bed, control, 'stand-in', 'aside-1') },
    links: [`http://127.0.0.1:${bed.ports.home}/version`],
  }
}

async function startControl(bed: SmoothBed, asked: string[], atEnd: AtEnd): Promise<string> {
  const server = createServer(async (request, response) => {
    const [, what = '', side = '', release = ''] = (request.url ?? '').split('/')
    asked.push(`${what} ${side}`)
    const ended = await act(bed, what, side as DetourSide, release).then(
      () => 200,
      () => 500,
    )
    response.writeHead(ended).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(async () => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

async function act(bed: SmoothBed, what: string, side: DetourSide, release: string): Promise<void> {
  if (what === 'migrate') return migrate(bed)
  if (what === 'start') return bed.start(side, release)
  if (what === 'stop') return bed.stop(side)
}
