import { existsSync } from 'node:fs'
import { ledgersIn } from '../../../src/sandbox/truth/ledgers.ts'
import { ofRecords } from '../../../src/sandbox/truth/records.ts'
import type { Round } from '../../endings/endings.ts'
import { type Acknowledged, bySide, changedBy, rowsAfter, type ShopRows } from './client-log.ts'
import type { EndingStory } from './ending-story.ts'
import { query } from './postgres.ts'
import { lostByTable } from './smooth-project.ts'

/** Looks at the world after a detour has ended, and returns what is wrong with it, each a sentence. */
export async function faultsAtHome(story: EndingStory, round: Round): Promise<string[]> {
  return [
    ...(await ofDoors(story)),
    ...(await ofDatabases(story, round)),
    ...(await ofGitHub(story)),
    ...ofLostWrites(story, round),
    ...ofVisitors(story),
  ]
}

async function ofDoors({ bed: { balancers, ports }, serving }: EndingStory): Promise<string[]> {
  const { sockets, map } = balancers.recipe
  const said = await Promise.all(sockets.map((_, at) => balancers.say(at, `show map ${map}`)))
  const served = await Promise.all(
    balancers.doors.map(async (door) => {
      const answer = await fetch(`${door}version`)
      return `${await answer.text()} at ${answer.headers.get('x-side')}`
    }),
  )
  const standIn = await fetch(`http://127.0.0.1:${ports['stand-in']}/version`).catch(() => null)
  return [
    ...[balancers.written(), ...said].filter(
      (text) => !/side home\b/.test(text) || !/writes open\b/.test(text),
    ),
    ...served
      .filter((one) => one !== `${serving} at home`)
      .map((one) => `visitors are served ${one}, not ${serving} at home`),
    ...(standIn === null ? [] : ['the application of the stand-in still runs']),
  ]
}

async function ofDatabases({ bed: { postgres }, ending }: EndingStory, { detour }: Round): Promise<string[]> {
  const promoted = ending.revertBy === 'promote'
  const admin = promoted
    ? postgres.admin.replace(String(postgres.home.port), String(postgres.standIn.port))
    : postgres.admin
  const [row = {}] = await query(
    admin,
    `SELECT pg_is_in_recovery() AS recovery,
       (SELECT count(*)::int FROM pg_replication_slots) AS slots,
       (SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE '% fence') AS fences,
       has_database_privilege('shop', 'shop', 'CONNECT') AS may_connect,
       (SELECT count(*)::int FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'state') AS migrated`,
  )
  const should = {
    recovery: false,
    slots: 0,
    fences: 0,
    may_connect: true,
    migrated: ending.migrated ? 1 : 0,
  }
  const copies = postgres
    .ran()
    .filter(
      (one) =>
        one.includes(`pg_basebackup -D ${postgres.standIn.data} `) &&
        one.includes(detour.replaceAll('-', '_')),
    )
  return [
    ...Object.entries(should).flatMap(([key, value]) =>
      row[key] === value ? [] : [`${key} of home is ${row[key]}, not ${value}`],
    ),
    ...(existsSync(postgres.standIn.data) === promoted
      ? []
      : [`the folder of the stand-in is ${promoted ? 'gone' : 'there'}`]),
    ...(copies.length === 1 ? [] : [`${copies.length} copies were made in ${detour}`]),
  ]
}

async function ofGitHub({ project, serving }: EndingStory): Promise<string[]> {
  const ledgers = await ledgersIn(project.github)
  const served = project.ledger()?.serving?.release.tag
  return [
    ...ledgers.flatMap((ledger) => ofRecords(ledger, project.github)),
    ...(served === serving ? [] : [`the ledger has ${served} serving, not ${serving}`]),
  ]
}

/** A read-write detour has counted what visitors wrote on the stand-in, by table; a way back with the data loses nothing. */
function ofLostWrites({ bed, project, ending, settled }: EndingStory, { detour }: Round): string[] {
  if (bed.mode === 'read-only') return []
  const written = bySide(bed.visitors.seen.taken.slice(settled))['stand-in']
  const lost = ending.revertBy === undefined ? inWords(changedBy(written)) : null
  const told = lostByTable(project, detour)
  return [
    ...(written.length > 0 ? [] : ['nothing was written on the stand-in']),
    ...(told === lost ? [] : [`the page says that ${told} are lost, and it is ${lost}`]),
  ]
}

const inWords = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .sort()
    .map(([table, count]) => `${table} ${count}`)
    .join(', ')

/** Returns the rows of a database whose detours have ended in this way, by the log of the clients. */
export function rowsLeft({ bed, ending }: EndingStory, taken: readonly Acknowledged[]): ShopRows {
  const kept = bed.mode === 'read-only' || ending.revertBy !== undefined
  return rowsAfter(kept ? taken : bySide(taken).home)
}

const ofVisitors = ({ bed: { visitors } }: EndingStory): string[] => [
  ...visitors.seen.failed.map((one) => `a read failed: ${one}`),
  ...visitors.seen.doubtful.map((one) => `an order is in doubt: ${one}`),
]
