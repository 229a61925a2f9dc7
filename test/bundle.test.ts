import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jstat from 'jstat'
import { expect, test } from 'vitest'
import { withoutMeanings } from '../scripts/bundle/drop-meanings.ts'
import { studentAlone } from '../scripts/bundle/student-alone.ts'

const require = createRequire(import.meta.url)
const root = new URL('..', import.meta.url).pathname

test("the bundle's part of jStat gives the numbers of the whole", () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-student-'))
  try {
    writeFileSync(join(folder, 'student.cjs'), studentAlone(join(root, 'node_modules/jstat/src')))
    const slim: typeof jstat = require(join(folder, 'student.cjs'))
    const numbers = ({ studentt, ibeta }: typeof jstat) =>
      [1, 1.7, 4, 30, 1e6].flatMap((freedom) => [
        ...[0.01, 0.5, 0.9].map((share) => ibeta(share, freedom, 3)),
        ...[-3, -0.2, 0, 1, 12].map((t) => studentt.cdf(t, freedom)),
        ...[0.001, 0.05, 0.5, 0.9, 0.999].map((p) => studentt.inv(p, freedom)),
      ])
    expect(numbers(slim)).toEqual(numbers(jstat))
    expect(new Set(numbers(jstat)).size).toBeGreaterThan(30)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the bundle drops the meaning of a key and keeps its shape, its name and its allowed values', () => {
  const lines = [
    "const a = { run: required(command, 'A command.'), on: key(meaning(place, { id: 'place', words: 'a place' }), `Where.`) }",
    "const b = byDefault(flag(), false, 'True if it may.')",
    "const c = meaning(text, { description: 'A text.', words: 'a text' })",
    "const d = other('stays'), e = key(text, named)",
  ]
  expect(withoutMeanings(lines.join('\n')).split('\n')).toEqual([
    "const a = { run: required(command, ''), on: key(meaning(place, { id: 'place', words: 'a place' }), '') }",
    "const b = byDefault(flag(), false, '')",
    "const c = meaning(text, { description: '', words: 'a text' })",
    "const d = other('stays'), e = key(text, named)",
  ])
})

test('a run reads no description of a key: what makes the docs and the schema does, and is not in the bundle', () => {
  const texts = readFileSync(join(root, 'dist/door.js'), 'utf8')
  expect(texts).not.toContain('Exits with 0 if the artifact exists already')
  expect(texts).toContain('a command, or a mapping with `run`')
})
