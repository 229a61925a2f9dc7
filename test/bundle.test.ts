import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jstat from 'jstat'
import { expect, test } from 'vitest'
import { withoutMeanings } from '../scripts/bundle/drop-meanings.ts'
import { withoutRemarks } from '../scripts/bundle/drop-remarks.ts'
import { importedForEffect } from '../scripts/bundle/effects.ts'
import { packData } from '../scripts/bundle/packed-data.ts'
import { passageOf, replaced, rewrite } from '../scripts/bundle/rewrite.ts'
import { oneJob } from '../scripts/bundle/slim-toolkit.ts'
import { studentAlone } from '../scripts/bundle/student-alone.ts'
import { type InputDefinition, type InputName, inputs } from '../src/inputs/definitions.ts'

const require = createRequire(import.meta.url)
const root = new URL('..', import.meta.url).pathname

/** Runs `use` in a folder that is gone afterwards. */
function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-bundle-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Loads the text of a CommonJS module, which finds packages as one of this repository does. */
function moduleOf(text: string) {
  const loaded = { exports: {} as never }
  new Function('module', 'exports', 'require', text)(loaded, loaded.exports, require)
  return loaded.exports
}

interface Queue {
  on(name: string, listener: (error: unknown, info: { retryCount: number }) => unknown): void
  schedule(job: (...words: unknown[]) => Promise<unknown>, ...words: unknown[]): Promise<unknown>
}

/** Returns the doings of a queue with a job that fails so often before it succeeds; its listener returns `waits`. */
async function told(Kind: new () => Queue, failures: number, waits: readonly unknown[]) {
  const queue = new Kind()
  const heard: unknown[] = []
  queue.on('failed', (error, { retryCount }) => {
    heard.push([String(error), retryCount])
    return waits[retryCount]
  })
  let runs = 0
  const end = queue.schedule(
    async (...words) => {
      runs++
      if (runs <= failures) throw new Error(`failure ${runs}`)
      return words
    },
    'some',
    'words',
  )
  return { end: await end.catch(String), runs, heard }
}

test("the bundle's queue for retries does with a job what the whole does", async () => {
  const whole: new () => Queue = require('bottleneck/light.js')
  const ends = new Set<string>()
  for (const [failures, waits] of [
    [0, []],
    [1, [1]],
    [2, [0, 2]],
    [3, [1, 1]],
    [1, [undefined]],
    [2, [1, null]],
  ] as const) {
    const expected = await told(whole, failures, waits)
    expect(await told(moduleOf(oneJob), failures, waits)).toEqual(expected)
    ends.add(JSON.stringify(expected))
  }
  expect(ends.size).toBe(6)
})

test('a package whose text is another one ends the making of the bundle', () => {
  inFolder((folder) => {
    const file = join(folder, 'index.js')
    expect(() => rewrite(file, () => 'other')).toThrow('ENOENT')
    writeFileSync(file, 'one = new One()\n')
    expect(() => rewrite(file, (text) => text)).toThrow('nothing to change')
    expect(() => rewrite(file, (text) => replaced(text, /new Two/, ''))).toThrow('/new Two/')
    expect(() => passageOf('', /^one/)).toThrow('/^one/')
    rewrite(file, (text) => replaced(text, /One\(\)/, '$&'))
    expect(readFileSync(file, 'utf8')).toBe('one = new $&\n')
  })
})

test('the bundle keeps each file that another one imports for its effect', () => {
  inFolder((folder) => {
    mkdirSync(join(folder, 'inner'))
    writeFileSync(join(folder, 'first.js'), "import './inner/effect.js';\nimport { a } from './named.js'\n")
    writeFileSync(join(folder, 'inner/second.js'), "import '../other.js'\nimport './effect.js'\n")
    expect(importedForEffect(folder)).toEqual(['./inner/effect.js', './other.js'])
  })
})

test('a shell script loses its lines of comments, and no other', () => {
  expect(withoutRemarks('a=1 # one\n# two\n  # three\n#!four\n')).toBe('a=1 # one\n#!four\n')
  expect(() => withoutRemarks('cat <<end\n# data\nend\n')).toThrow('here-document')
})

test('the bundle holds data compressed, and reads what stood in the file', () => {
  inFolder((folder) => {
    const data = { lines: Array.from({ length: 200 }, (_, at) => `line ${at} – "${at * at}"`) }
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data, null, 2))
    writeFileSync(join(folder, 'reader.js'), "import data from './data.json' with { type: 'json' }\n")
    packData(folder)
    const text = readFileSync(join(folder, 'data.json.cjs'), 'utf8')
    expect(moduleOf(text)).toEqual(data)
    expect(text.length).toBeLessThan(JSON.stringify(data).length / 2)
    expect(readFileSync(join(folder, 'reader.js'), 'utf8')).toBe("import data from './data.json.cjs'\n")
    expect(existsSync(join(folder, 'data.json'))).toBe(false)
  })
})

test("the bundle's part of jStat gives the numbers of the whole", () => {
  const slim: typeof jstat = moduleOf(studentAlone(join(root, 'node_modules/jstat/src')))
  const numbers = ({ studentt, ibeta }: typeof jstat) =>
    [1, 1.7, 4, 30, 1e6].flatMap((freedom) => [
      ...[0.01, 0.5, 0.9].map((share) => ibeta(share, freedom, 3)),
      ...[-3, -0.2, 0, 1, 12].map((t) => studentt.cdf(t, freedom)),
      ...[0.001, 0.05, 0.5, 0.9, 0.999].map((p) => studentt.inv(p, freedom)),
    ])
  expect(numbers(slim)).toEqual(numbers(jstat))
  expect(new Set(numbers(jstat)).size).toBeGreaterThan(30)
})

test('the bundle drops the meaning of a key and keeps its shape, its name and its allowed values', () => {
  const lines = [
    "const a = { run: required(command, 'A command.'), on: key(meaning(place, { id: 'place', words: 'a place' }), `Where.`) }",
    "const b = byDefault(flag(), false, 'True if it may.')",
    "const c = meaning(text, { description: 'A text.', words: 'a text' })",
    "const d = other('stays'), e = key(text, named)",
    "const f = flag('A switch.', deploy), g = flag(), h = { description: 'An input.', of: deploy }",
    "const i = { description: 'An input.', default: 'deploy', of: deploy }",
    "const j = { description: 'An input.', required: ['deploy'], of: deploy }",
    "const k = union(x).register(vocabulary, { id: 'x', words, description: 'A place.' })",
  ]
  expect(withoutMeanings(lines.join('\n')).split('\n')).toEqual([
    "const a = { run: required(command), on: key(meaning(place, { id: 'place', words: 'a place' })) }",
    'const b = byDefault(flag(), false)',
    "const c = meaning(text, { description: '', words: 'a text' })",
    "const d = other('stays'), e = key(text, named)",
    "const f = flag('', deploy), g = flag(), h = { description: '', of: deploy }",
    "const i = { description: '', default: 'deploy', of: deploy }",
    "const j = { description: 'An input.', required: ['deploy'], of: deploy }",
    "const k = union(x).register(vocabulary, { id: 'x', words, description: '' })",
  ])
})

test('a message asks only for inputs whose definition is of a required one, or has a default', () => {
  const asked = ['read-inputs.ts', 'read-deployment.ts'].flatMap((file) =>
    [...readFileSync(join(root, 'src/inputs', file), 'utf8').matchAll(/\.required\('([a-z-]+)'\)/g)].map(
      ([, name = '']) => name,
    ),
  )
  expect(asked).toContain('decision')
  const faults = asked.filter((name) => {
    const definition: InputDefinition = inputs[name as InputName]
    return definition.required === undefined && definition.default === undefined
  })
  expect(faults).toEqual([])
})

test('a run reads no description of a key: what makes the docs and the schema does, and is not in the bundle', () => {
  const texts = readFileSync(join(root, 'dist/door.js'), 'utf8')
  expect(texts).not.toContain('Exits with 0 if the artifact exists already')
  expect(texts).toContain('a command, or a mapping with `run`')
})
