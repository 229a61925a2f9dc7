import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const page = readFileSync('test/statements.md', 'utf8')
const stated = [...page.matchAll(/^\| ([A-Z]+-?\d\d) \| \S.*\. \|$/gm)].map(([, id = '']) => id)

const anId = /\b(?:(?:CC|GH|MM|SD|SP|WX)-|F)\d\d\b/g
/** Titles of tests, and of the rows of a table of tests: they end with their IDs. */
const tagged = /((?: (?:(?:CC|GH|MM|SD|SP|WX)-|F)\d\d)+)['"`]/g

const sources = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(join('test', file), 'utf8')] as const)

test('every ID that ends a title stands on the page once, and every ID on the page ends a title', () => {
  const named = sources.flatMap(([, text]) =>
    [...text.matchAll(tagged)].flatMap(([tags]) => tags.match(anId)),
  )
  expect(stated.toSorted()).toEqual([...new Set(named)].toSorted())
})

test('an ID stands nowhere in a title but at its end', () => {
  const lines = sources.flatMap(([file, text]) => text.split('\n').map((line) => `${file}: ${line.trim()}`))
  expect(lines.filter((line) => line.replaceAll(tagged, '').match(anId) !== null)).toEqual([])
})
