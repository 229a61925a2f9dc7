import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(`src/entry/${file}`, 'utf8')

test('the first file reads the state of main by the names under which it is saved', () => {
  const saved = ['run/door.ts', 'run/remembered.ts'].flatMap((file) =>
    [...read(file).matchAll(/saveState\('(\w+)'/g)].map(([, name]) => name),
  )
  const asked = [...read('main.ts').matchAll(/\bSTATE_(\w+)/g)].map(([, name]) => name)
  expect(asked).toContain('lock')
  expect(asked.filter((name) => !saved.includes(name))).toEqual([])
})
