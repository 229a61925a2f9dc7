import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { difference } from '../../src/init/words/difference.ts'

const between = (before: string, after: string): string =>
  difference({ kind: 'change', path: 'file', before, after } as never)

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`)

test('changes far apart have a hunk each, with three lines around them', () => {
  const before = numbered(20)
  const after = before.with(1, 'second\n').toSpliced(15, 1)
  expect(between(before.join(''), after.join(''))).toBe(`--- a/file
+++ b/file
@@ -1,5 +1,5 @@
 line 1
-line 2
+second
 line 3
 line 4
 line 5
@@ -13,7 +13,6 @@
 line 13
 line 14
 line 15
-line 16
 line 17
 line 18
 line 19
`)
})

test('a file that is new comes from nothing, and a last line without an end is told', () => {
  expect(between('', 'one\ntwo')).toBe(
    '--- /dev/null\n+++ b/file\n@@ -0,0 +1,2 @@\n+one\n+two\n\\ No newline at end of file\n',
  )
})

test('git applies the difference of any two texts, and has the newer one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'difference-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let seed = 7
  const below = (most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor(seed / 65_536) % most
  }
  for (let round = 0; round < 40; round += 1) {
    const old = Array.from({ length: 1 + below(40) }, () => `line ${below(9)}`)
    const fresh = old.flatMap(
      (line) => [[], [line, `new ${below(5)}`], [line], [line], [line]][below(5)] ?? [],
    )
    const [before, after] = [old, [...fresh, 'end']].map((lines) => lines.join('\n') + ['', '\n'][below(2)])
    writeFileSync(join(folder, 'file'), before ?? '')
    const input = between(before ?? '', after ?? '')
    const applied = spawnSync('git', ['apply', '-'], { cwd: folder, input, encoding: 'utf8' })
    expect({ round, said: applied.stderr, text: readFileSync(join(folder, 'file'), 'utf8') }).toEqual({
      ...{ round, said: '', text: after },
    })
  }
})
