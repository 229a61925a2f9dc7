import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { alg, Graph } from '@dagrejs/graphlib'
import { describe, expect, test } from 'vitest'

/** Imports run downward only; each room may look into these others. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  entry: ['inputs', 'init', 'workflows', 'report', 'pipeline', 'adapters', 'domain'],
  inputs: ['domain'],
  init: ['domain'],
  workflows: ['inputs', 'domain'],
  report: ['domain'],
  pipeline: ['domain'],
  adapters: ['pipeline/ports.ts', 'domain'],
  domain: [],
  // The demonstration runs the workflows that a team gets.
  sandbox: ['workflows/own-workflows.ts'],
}

interface Import {
  readonly from: string
  readonly to: string
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
const imported = /\bfrom '([^'\n]+)'$|\bimport\('([^'\n]+)'\)/gm
const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(join('src', file), 'utf8').matchAll(imported)].map(([, still, later]) => {
    const to = still ?? later ?? ''
    return { from: file, to: to.startsWith('.') ? normalize(join(dirname(file), to)) : to }
  }),
)
const roomOf = (file: string): string => file.split('/')[0] ?? ''
const isOurs = ({ to }: Import): boolean => roomOf(to) in rooms

describe('the house', () => {
  test('every file is in a room', () => {
    expect(files.filter((file) => !(roomOf(file) in rooms))).toEqual([])
  })

  test.each(Object.entries(rooms))('%s looks only where it may', (room, allowed) => {
    const strangers = imports
      .filter((link) => roomOf(link.from) === room && isOurs(link))
      .filter(
        ({ to }) => roomOf(to) !== room && !allowed.some((place) => to === place || roomOf(to) === place),
      )
    expect(strangers).toEqual([])
  })

  test('no file imports itself by way of others, types included', () => {
    const graph = new Graph()
    for (const { from, to } of imports.filter(isOurs)) graph.setEdge(from, to)
    expect(graph.edgeCount()).toBeGreaterThan(files.length)
    expect(alg.findCycles(graph)).toEqual([])
  })

  test('no hall has more than 25 files: beyond that it wants wings', () => {
    const inHall = (hall: string) => files.filter((file) => dirname(file) === hall)
    expect(files.map(dirname).filter((hall) => inHall(hall).length > 25)).toEqual([])
  })

  test('a file is one idea of at most 300 lines; the ports alone stand on a longer page', () => {
    const lines = (file: string): number => readFileSync(join('src', file), 'utf8').split('\n').length - 1
    expect(files.filter((file) => lines(file) > 300)).toEqual(['pipeline/ports.ts'])
  })

  test('a type name stands for one thing in the whole source', () => {
    const declared = /^(?:export )?(?:type|interface|class) (\w+)/gm
    const names = files.flatMap((file) =>
      [...readFileSync(join('src', file), 'utf8').matchAll(declared)].map(([, name]) => name),
    )
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([])
  })

  test.each([
    ['Wish', 'domain/plan/wish.ts'],
    ['World', 'domain/plan/wish.ts'],
    ['Request', 'pipeline/plan/request.ts'],
    ['Plan', 'domain/plan/plan.ts'],
    ['Past', 'domain/ledger/past.ts'],
  ])('%s has no field that only some of its variants need', (name, file) => {
    const text = readFileSync(join('src', file), 'utf8')
    const body = new RegExp(`^export interface ${name}\\b.*\\{\\n([^]*?)^\\}`, 'm').exec(text)?.[1] ?? ''
    expect(body).toMatch(/^ {2}readonly \w+:/m)
    expect(body.match(/\w+\?:/g)).toBeNull()
  })

  test('the domain is pure: of everything else it takes a hash, and the arithmetic of chances', () => {
    const outside = imports.filter((link) => roomOf(link.from) === 'domain' && !isOurs(link))
    expect([...new Set(outside.map(({ to }) => to))].sort()).toEqual(['jstat', 'node:crypto'])
  })

  test('reports are strings in, strings out', () => {
    expect(imports.filter((link) => roomOf(link.from) === 'report' && !isOurs(link))).toEqual([])
  })

  test('one file names the concrete adapters', () => {
    const namers = imports.filter(({ from, to }) => roomOf(from) === 'entry' && roomOf(to) === 'adapters')
    expect([...new Set(namers.map(({ from }) => from))]).toEqual(['entry/run/wire.ts'])
  })

  test('no file is a drawer', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.ts$)/.test(file))).toEqual(
      [],
    )
  })
})
