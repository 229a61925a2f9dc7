import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDepot } from '../../src/adapters/depot.ts'
import { sha256Of } from '../../src/domain/release/manifest.ts'
import type { Depot } from '../../src/pipeline/ports.ts'
import { createMemoryDepot } from '../fakes/memory-depot.ts'
import { scratch } from './real-shell.ts'

function onDisk() {
  const cwd = scratch()
  const write = (path: string, content: string) => {
    mkdirSync(join(cwd, path, '..'), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
  return {
    depot: createDepot({ cwd, temp: scratch() }),
    write,
    read: (file: string) => readFileSync(file, 'utf8'),
  }
}

function inMemory() {
  const files = new Map<string, string>()
  const depot = createMemoryDepot(files)
  return {
    depot,
    write: (path: string, content: string) => void files.set(path, content),
    read: (file: string) => files.get(file),
  }
}

describe.each<
  [
    string,
    () => {
      depot: Depot
      write(path: string, content: string): void
      read(file: string): string | undefined
    },
  ]
>([
  ['on a disk', onDisk],
  ['in memory', inMemory],
])('a depot %s', (_name, open) => {
  test('finds a file below a folder with its digest, and says where none is F17', async () => {
    const { depot, write, read } = open()
    write('release/build/shop.tar', 'content')
    const there = await depot.find('release', 'build/shop.tar')
    expect(there).toMatchObject({ kind: 'found', value: { sha256: sha256Of('content') } })
    expect(there.kind === 'found' && read(there.value.file)).toBe('content')
    expect(await depot.find('release', 'build/other.tar')).toEqual({ kind: 'absent' })
  })

  test('keeps bytes that came from elsewhere, and reads them again F17', async () => {
    const { depot, read } = open()
    const kept = await depot.keep('shop.tar', new Blob(['content']))
    expect(kept.sha256).toBe(sha256Of('content'))
    expect(read(kept.file)).toBe('content')
  })
})
