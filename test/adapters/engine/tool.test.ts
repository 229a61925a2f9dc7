import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTool, INPUT_FILE } from '../../../src/adapters/engine/tool.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { realShell } from '../real-shell.ts'

const folder = mkdtempSync(join(tmpdir(), 'rollgate-tool-'))

const program = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

let echo: string
let broken: string

beforeAll(() => {
  echo = program('echo', 'for word in "$@"; do printf "<%s>\\n" "$word"; done; cat')
  broken = program('broken', 'echo half an answer; echo "no such service: web" >&2; exit 1')
})
afterAll(() => rmSync(folder, { recursive: true }))

const call = (path: string, words: readonly string[], rest: { input?: string; timeout?: number } = {}) => {
  const watch = listener()
  const variables = { NAME: 'web' }
  return createTool(path, ['first'], realShell().shell, (line) => line.startsWith('no such')).call(words, {
    variables,
    watch,
    ...rest,
  })
}

describe('a tool', () => {
  test('gets its words as they are, whatever a shell would make of them', async () => {
    const words = ['a b', '$NAME', '"; exit 3; "', '$(false)', '*', '']
    const called = await call(echo, words)
    const text = ['first', ...words].map((word) => `<${word}>`).join('\n')
    expect(called).toEqual({ kind: 'answered', text })
  })

  test('gets a text on its stdin', async () => {
    expect(await call(echo, [], { input: '{"a":1}\n' })).toEqual({
      kind: 'answered',
      text: '<first>\n{"a":1}',
    })
  })

  test('gets the address of a file with the input, which is gone afterwards', async () => {
    const twice = program('twice', 'cat "$(echo "$2" | cut -c8-)" "$(echo "$2" | cut -c8-)"; echo; echo "$2"')
    const called = await call(twice, [INPUT_FILE], { input: 'a' })
    const [text, address = ''] = (called.kind === 'answered' ? called.text : '').split('\n')
    expect(text).toBe('aa')
    expect(existsSync(address.slice('file://'.length))).toBe(false)
  })

  test('that exits with another code refuses with its own last words, and keeps nothing of its stdout', async () => {
    const tail = ['no such service: web']
    expect(await call(broken, [])).toEqual({ kind: 'refused', words: 'no such service: web', tail })
  })

  test('that shows something returns its last lines', async () => {
    const watch = listener()
    const lines = await createTool(echo, [], realShell().shell, () => false).tail(['a', 'b'], {
      variables: {},
      watch,
    })
    expect(lines).toEqual(['<a>', '<b>'])
  })

  test('that is not there is unheard, never an answer', async () => {
    const called = await call(join(folder, 'missing'), [])
    expect(called.kind).toBe('unheard')
    expect(called).toHaveProperty('words', expect.stringContaining('was not found'))
  })

  test('that does not end in time is unheard', async () => {
    const called = await call(program('hangs', 'exec sleep 60'), [], { timeout: 200 })
    expect(called).toHaveProperty('kind', 'unheard')
  })
})
