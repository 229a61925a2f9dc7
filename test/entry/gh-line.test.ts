import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ghLines, type Typed } from '../../src/report/form/gh-line.ts'

const form = { workflow: 'rollgate.yml', repository: 'acme/shop' }

/** The words that a shell gives to `gh` for each of these commands, all in one process. */
function heardByGh(shell: string, commands: readonly (readonly string[])[]): string[][] {
  const stub = `gh() { printf '%s\\0' "$@"; printf '\\001'; }`
  const script = [stub, ...commands.map((lines) => lines.join('\n'))].join('\n')
  const { stdout, stderr, status } = spawnSync(shell, { input: script, encoding: 'utf8' })
  if (status !== 0 || stderr !== '') throw new Error(stderr)
  return stdout
    .split('\u0001')
    .slice(0, -1)
    .map((words) => words.split('\0').slice(0, -1))
}

const asked = (typed: readonly Typed[]): string[] => [
  ...['workflow', 'run', form.workflow, '--repo', form.repository],
  ...typed.flatMap(({ name, value }) => ['-f', `${name}=${value}`]),
]

const awkward = [
  "it's $(rm) `x`",
  'a  b',
  '"',
  "'",
  "''",
  '\\',
  '!',
  '*',
  '~',
  '#12',
  '-x',
  '=',
  'ü ⏸️',
  '%0A',
  '',
]

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.constantFrom(...awkward), { maxLength: 60 }).map((parts) => parts.join('')),
)

test.each(['sh', 'bash'])('a printed command gives %s the very words back, whatever the values', (shell) => {
  const cases = fc.sample(fc.array(value, { maxLength: 8 }), 300).flatMap((values) => {
    const typed = values.map((one, at) => ({ name: `field-${at}`, value: one }))
    const lines = ghLines(form, typed)
    return lines === null ? [] : [{ typed, lines }]
  })
  expect(cases.length).toBeGreaterThan(100)
  expect(
    heardByGh(
      shell,
      cases.map(({ lines }) => lines),
    ),
  ).toEqual(cases.map(({ typed }) => asked(typed)))
})

test('no line of a command is wider than a block on a page, however long a value is', () => {
  const typed = [
    { name: 'environment', value: 'production' },
    { name: 'reason', value: "it's slow ".repeat(40) },
    { name: 'instances', value: Array.from({ length: 100 }, (_, at) => `web-${at}`).join(' ') },
    { name: 'release', value: 'v'.repeat(400) },
  ]
  const lines = ghLines(form, typed) ?? []
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(98)
  expect(heardByGh('sh', [lines])).toEqual([asked(typed)])
})

test.each(['two\nlines', 'a\u202eb', 'a\u0007'])(
  'a value that cannot be copied from a page has no command',
  (one) => {
    expect(ghLines(form, [{ name: 'reason', value: one }])).toBeNull()
  },
)
