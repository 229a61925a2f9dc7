import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createLines, LINE_LIMIT } from '../../src/adapters/shell/lines.ts'
import { createOutput } from '../../src/adapters/shell/output.ts'
import { readLines } from '../../src/adapters/shell/reading.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { realShell } from './real-shell.ts'

function linesOf(...pieces: string[]): string[] {
  const said: string[] = []
  const lines = createLines((line, cut) => said.push(cut ? `${line.length} and cut` : line))
  for (const piece of pieces) lines.push(piece)
  lines.end()
  return said
}

/** Returns the shown text and the tail of output that comes in these pieces. */
async function outputOf(pieces: readonly (string | Uint8Array)[], secrets: readonly string[] = []) {
  const shown: string[] = []
  const output = createOutput(createMasker(secrets), (line) => shown.push(line))
  await readLines(Readable.from(pieces.map((piece) => Buffer.from(piece))), output.take).finish()
  return { shown, tail: output.tail() }
}

describe('lines', () => {
  test.each([
    ['newlines', ['one\ntwo\n'], ['one', 'two']],
    ['an end without a newline', ['one\ntwo'], ['one', 'two']],
    ['pieces', ['o', 'ne\nt', 'wo', '\n'], ['one', 'two']],
    ['empty lines', ['one\n\n\ntwo\n'], ['one', '', '', 'two']],
    ['carriage returns before newlines', ['one\r\ntwo\r\r\n\r\nthree'], ['one', 'two', '', 'three']],
    ['the same, divided between the two', ['one\r', '\ntwo\r', '\n'], ['one', 'two']],
    ['a progress bar', ['\r10%\r', '50%', '\r100%\ndone\n'], ['10%', '50%', '100%', 'done']],
  ])('are made of %s', (_what, pieces, expected) => {
    expect(linesOf(...pieces)).toEqual(expected)
  })

  test('are cut at 16 KiB, in whatever pieces they come', () => {
    const half = 'x'.repeat(LINE_LIMIT / 2)
    expect(linesOf(half, half, '\n')[0]).toHaveLength(LINE_LIMIT)
    expect(linesOf(half, half, 'y', half, '\nnext')).toEqual(['16384 and cut', 'next'])
  })
})

test('an answer has lines of any length that an object of a cluster may have, and its tail is cut', async () => {
  const answers: string[] = []
  const watch = { ...listener(), answer: (line: string) => void answers.push(line) }
  const print = command("head -c 1500000 /dev/zero | tr '\\0' x")
  const { tail } = await realShell().shell.run(print, {}, watch)
  expect(answers.map(({ length }) => length)).toEqual([1_500_000])
  expect(tail.map(({ length }) => length)).toEqual([300])
  expect(watch.lines).toEqual([])
})

describe('output', () => {
  test('is read from both streams', async () => {
    const ran = await realShell().run('echo out; echo err >&2')
    expect(ran.lines.toSorted()).toEqual(['err', 'out'])
  })

  test('that is not UTF-8 is heard all the same', async () => {
    expect((await realShell().run(String.raw`printf 'a\xffb\n\xe2\x82'`)).lines).toEqual([
      'a\ufffdb',
      '\ufffd',
    ])
  })

  test('keeps a character whole that comes in two pieces', async () => {
    const euro = Buffer.from('€')
    expect((await outputOf([euro.subarray(0, 1), euro.subarray(1)])).shown).toEqual(['€'])
  })

  test('says where a line was cut', async () => {
    const { shown } = await outputOf(['x'.repeat(LINE_LIMIT + 1)])
    expect(shown).toEqual([`${'x'.repeat(LINE_LIMIT)}… (cut)`])
  })

  test('keeps its colours, and the tail does not', async () => {
    const { shown, tail } = await outputOf(['\u001b[31mred\u001b[0m\tand \u0007loud\u0085'])
    expect(shown).toEqual(['\u001b[31mred\u001b[0m\tand \u0007loud\u0085'])
    expect(tail).toEqual(['red and loud'])
  })

  test('has a tail of lines that are no longer than 300 characters', async () => {
    const { tail } = await outputOf(['y'.repeat(300), '\n', 'x'.repeat(301)])
    expect(tail).toEqual(['y'.repeat(300), `${'x'.repeat(299)}…`])
  })

  test('beyond 10 MiB is not shown, and its end is kept', async () => {
    const line = 'z'.repeat(1023)
    const pieces = [...Array.from({ length: 10 * 1024 + 5 }, () => `${line}\n`), 'the end\n']
    const { shown, tail } = await outputOf(pieces)
    expect(shown).toHaveLength(10 * 1024 + 1)
    expect(shown.at(-2)).toBe(line)
    expect(shown.at(-1)).toBe('… output beyond 10 MiB is not shown')
    expect(tail.at(-1)).toBe('the end')
  })
})

describe('secrets in output', () => {
  const secret = 'correct-horse-battery'

  test('are masked when they come in two pieces', async () => {
    const { shown, tail } = await outputOf(['password correct-ho', 'rse-battery!\n'], [secret])
    expect(shown).toEqual(['password ***!'])
    expect(tail).toEqual(['password ***!'])
  })

  test('are masked line by line when they have several', async () => {
    const { shown } = await outputOf(['key: begin\n  middle\nending!'], ['begin\nmiddle\nending!\n'])
    expect(shown).toEqual(['key: ***', '  ***', '***'])
  })

  test('are masked where the cut of a line divides them', async () => {
    const { shown, tail } = await outputOf([`${'x'.repeat(LINE_LIMIT - 8)}${secret}`], [secret])
    expect(shown).toEqual([`${'x'.repeat(LINE_LIMIT - 8)}***… (cut)`])
    expect(tail.join()).not.toContain('correct')
  })

  test('are masked in the tail when colours had divided them', async () => {
    const { tail } = await outputOf(['correct-\u001b[1mhorse\u001b[0m-battery'], [secret])
    expect(tail).toEqual(['***'])
  })

  test('are masked in what a real command prints', async () => {
    const { run } = realShell({ DB_PASSWORD: secret }, [secret])
    const ran = await run('echo "$DB_PASSWORD"; printf %s "$DB_PASSWORD" | base64; exit 2')
    expect(ran).toMatchObject({ code: 2, lines: ['***', '***'], tail: ['***', '***'] })
  })
})

describe('a flood', () => {
  test.each([
    ['of short lines', '(yes some line of the flood || true) | head -c 40000000'],
    ['of empty lines', '(yes "" || true) | head -c 12000000'],
    ['without a newline', 'head -c 40000000 /dev/zero | tr "\\0" x'],
  ])('%s takes little memory, and the command ends by itself', (_what, run) => {
    const modules = new URL('../../src/adapters/', import.meta.url)
    const program = `
      import { createShell } from '${modules}shell.ts'
      import { createMasker } from '${modules}masking.ts'
      const groups = { expect() {}, forget() {}, add() {}, remove() {} }
      const shell = createShell({ env: process.env, cwd: '/', masker: createMasker(['password-1']), groups })
      const own = { shell: 'bash', env: {}, workingDirectory: '.', timeout: 30000 }
      let shown = 0
      const watch = { line: (text) => { shown += text.length + 1 }, signal: new AbortController().signal }
      await shell.run({ ...own, run: 'echo warm' }, {}, watch)
      const before = process.resourceUsage().maxRSS
      const { kind, code } = await shell.run({ ...own, run: ${JSON.stringify(`${run}; echo; echo end`)} }, {}, watch)
      console.log(JSON.stringify({ kind, code, shown, grownKiB: process.resourceUsage().maxRSS - before }))
    `
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    const { kind, code, shown, grownKiB } = JSON.parse(said)
    expect({ kind, code }).toEqual({ kind: 'exited', code: 0 })
    expect(shown).toBeLessThan(10.1 * 1024 * 1024)
    expect(grownKiB).toBeLessThan(64 * 1024)
  })
})
