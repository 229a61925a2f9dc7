import { expect, test } from 'vitest'
import { readPolicies, readRecipe } from '../../src/inputs/config/read.ts'
import { everything, findingsOf, source } from './config.fixture.ts'

/** Breaks a line in one way; null where it has nothing to break. */
type Break = (line: string) => string | null

const when = (fits: RegExp, broken: (line: string) => string): Break => {
  return (line) => (fits.test(line) ? broken(line) : null)
}
const plainValue = /^(\s*(?:- )?[\w.-]+: )([^"'{[|>&*#].*)$/
const key = /^\s*[\w-]+:/

const breaks: readonly (readonly [name: string, every: number, broken: Break])[] = [
  ['a double quotation mark opens', 1, when(plainValue, (line) => line.replace(plainValue, '$1"$2'))],
  ['a single quotation mark opens', 3, when(plainValue, (line) => line.replace(plainValue, "$1'$2"))],
  ['a typographic mark opens', 3, when(plainValue, (line) => line.replace(plainValue, '$1\u201c$2\u201d'))],
  [
    'a quotation mark opens in brackets',
    1,
    when(/[{[,] ?[\w-]+: [\w./$-]+/, (line) => line.replace(/(.*[{[,] ?[\w-]+: )([\w./$-]+)/, '$1"$2')),
  ],
  ['a quotation mark does not close', 1, when(/: "[^"]*"/, (line) => line.replace(/"(?=[^"]*$)/, ''))],
  ['a bracket does not close', 2, when(/[\]}]$/, (line) => line.slice(0, -1))],
  ['a bracket does not open', 3, when(/[{[]/, (line) => line.replace(/[{[]/, ''))],
  ['a tab indents', 4, when(/^ +\S/, (line) => line.replace(/^ +/, '\t'))],
  ['a tab ends the indentation', 4, when(/^ {2,}\S/, (line) => line.replace(/^ {2}/, ' \t'))],
  ['a non-breaking space indents', 4, when(/^ {2,}\S/, (line) => line.replace(/^ {2}/, '\u00a0\u00a0'))],
  [
    'one space more indents a value',
    1,
    when(/^ {2}(?:configure-broker|migrate|post-deploy|reset):/, (line) => ` ${line}`),
  ],
  ['a key stands twice', 4, when(/^\s*[\w-]+: \S/, (line) => `${line}\n${line}`)],
  ['a colon is missing', 4, when(key, (line) => line.replace(':', ''))],
  ['an alias has no anchor', 4, when(plainValue, (line) => line.replace(plainValue, '$1*nothing'))],
  ['a merge key stands first', 4, when(/^\s*[\w-]+:$/, (line) => `${line}\n${/^\s*/.exec(line)}  <<: *all`)],
  ['a NUL ends a value', 4, when(/\w$/, (line) => `${line}\0`)],
  [
    'a key is misspelt',
    1,
    when(/^ {4}(?:suspend|running|resume):/, (line) => line.replace(/(\w)(\w):/, '$2$1:')),
  ],
]

const lines = everything.split('\n')

const allFindings = (text: string): string[] =>
  findingsOf(() => {
    const read = source(text)
    for (const { name } of readPolicies(read)) readRecipe(read, { source: read, environment: name })
  })

test.each(breaks)(
  '%s, on any line of a whole config: one finding, in words that act F40',
  (_, every, broken) => {
    const broke = lines.flatMap((line, at) => {
      const other = broken(line)
      return other === null ? [] : [[...lines.slice(0, at), other, ...lines.slice(at + 1)].join('\n')]
    })
    const taken = broke.filter((_text, at) => at % every === 0)
    expect(taken.length).toBeGreaterThan(2)
    for (const text of taken) {
      const findings = allFindings(text)
      expect(findings).toHaveLength(1)
      expect(findings[0]).toMatch(/^\d+:\d+ {2}.+/)
    }
  },
)

test.each([
  ['a whole megabyte', `version: 1\n# ${'x'.repeat(1024 * 1024)}`, '1:1  the text is longer than 512 KiB'],
  [
    'a list',
    '- version: 1\n',
    '1:1  expected a mapping that begins with `version: 1`, found the list `[{"version":1}]`',
  ],
  ['a NUL at its beginning', `\0${everything}`, '1:1  the file is not UTF-8: save it as UTF-8'],
])('%s: one finding F40', (_, text, finding) => {
  expect(allFindings(text)).toEqual([finding])
})
