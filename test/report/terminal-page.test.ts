import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { terminalPage } from '../../src/report/terminal/page.ts'
import { widthOf } from '../../src/report/terminal/width.ts'

const golden = new URL('golden/', import.meta.url)
const pages = readdirSync(golden).filter((file) => file.endsWith('.md'))
const shown = (markdown: string, columns = 80, colours = false, unfolded = false): string =>
  terminalPage(markdown, { columns, colours, unfolded })

test.each(pages)(
  '%s on a terminal of 80 columns: nothing of the markup is left, and no line is wider',
  (file) => {
    const markdown = readFileSync(new URL(file, golden), 'utf8')
    const page = shown(markdown)
    // A block of code is a command to copy: it is never broken.
    const prose = page.split('\n').filter((line) => !line.startsWith('    ') && !line.startsWith('│     '))
    expect(prose.filter((line) => widthOf(line) > 80)).toEqual([])
    expect(page).not.toMatch(/&#\d+;|\*\*|\]\(<|<\/?(?:details|summary|span|sub|code)\b|\\[*_[\]`]/)
    expect(page.length).toBeGreaterThan(40)
  },
)

test('a table that is too wide: its widest columns wrap, and all stay aligned', () => {
  const table =
    '| a | what it does |\n| --- | --- |\n| 1 | verify that the checkout is the release |\n| 2 | no |'
  expect(shown(table, 28)).toBe('a  what it does\n1  verify that the checkout\n   is the release\n2  no\n')
})

test('emoji and wide letters: columns count as a terminal counts them', () => {
  expect(shown('| x | y |\n| --- | --- |\n| ✅ | 1 |\n| 日本 | 2 |\n| ab | 3 |', 40)).toBe(
    'x     y\n✅    1\n日本  2\nab    3\n',
  )
})

test('a folded part is its title, and all of it with --full', () => {
  const page = '<details>\n<summary>JSON</summary>\n\n```json\n{ "a": 1 }\n```\n\n</details>'
  expect(shown(page)).toBe('▸ JSON\n')
  expect(shown(page, 80, false, true)).toBe('▾ JSON\n\n    { "a": 1 }\n')
})

test('links, code and escapes are text; a table has no room for addresses', () => {
  expect(shown('**[run 7](<https://x.example/7>)** of `a_b` \\*and\\* a&#124;b')).toBe(
    'run 7 https://x.example/7 of a_b *and* a|b\n',
  )
  expect(shown('| [run 7](<https://x.example/7>) |\n| --- |')).toBe('run 7\n')
})

test('colours only where they are asked for, and a page cannot bring its own', () => {
  expect(shown('## Title', 80, true)).toBe('\u001b[1mTitle\u001b[0m\n')
  expect(shown('## Title \u001b[31mred \ue001x')).toBe('Title  [31mred  x\n')
})

test('a box keeps its bar on every line', () => {
  expect(shown('> [!WARNING]\n> one two three four five\n>\n> six', 22)).toBe(
    '│ Warning\n│ one two three four\n│ five\n│\n│ six\n',
  )
})
