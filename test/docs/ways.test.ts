import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The ways that CONTRIBUTING leads, each a list of files in the order in which things happen. */
const section = /^## \w+ ways[^\n]*\n([\s\S]*?)^## /m.exec(readFileSync('CONTRIBUTING.md', 'utf8'))?.[1] ?? ''
const ways = section
  .split(/^\*\*/m)
  .slice(1)
  .map((way) => ({
    name: way.slice(0, way.indexOf('**')),
    files: [...way.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file]) => file ?? ''),
  }))

function importedBy(file: string): string[] {
  const imports = readFileSync(file, 'utf8').matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)
  return [...imports].map(([, still, later]) => normalize(join(dirname(file), still ?? later ?? '')))
}

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length

describe('the ways that CONTRIBUTING leads', () => {
  test('are those of a deployment, a decision, a killed run, a rollback, an engine and a detour', () => {
    expect(ways.map(({ name }) => name)).toEqual([
      'One deployment',
      'One decision',
      'One killed run',
      'One rollback',
      'One hand-over to an engine',
      'One detour',
    ])
  })

  test.each(ways)('$name: each file is reached from one before it', ({ files }) => {
    const reached = new Set(files.slice(0, 1))
    for (const file of files) {
      expect([...reached]).toContain(file)
      for (const next of importedBy(file)) reached.add(next)
    }
  })

  // At 21e170d there were 18 files with 2,132 lines.
  test('a deployment is read to its record in fewer than 18 files and 2,000 lines', () => {
    const files = ways[0]?.files ?? []
    expect(files.length).toBeLessThan(18)
    expect(files.reduce((lines, file) => lines + linesIn(file), 0)).toBeLessThan(2_000)
  })
})
