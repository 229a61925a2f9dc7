import { parse } from 'dotenv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/domain/problem.ts'
import { readGiven } from '../../src/inputs/given.ts'

const pem = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEF',
  'AASCBKcwggSjAgEAAoIBAQ==',
  '-----END RSA PRIVATE KEY-----',
]

/** The lines that are refused, by the words of the problem. */
function refused(text: string): string[] {
  try {
    readGiven(text)
  } catch (thrown) {
    if (thrown instanceof Problem) {
      expect(thrown.code).toBe('input-invalid')
      return thrown.what.split('\n').slice(1)
    }
    throw thrown
  }
  return expect.fail('it was read')
}

describe('ROLLGATE_ENV', () => {
  test('gives a variable a line', () => {
    const text = [
      '\uFEFF# the database',
      'DB_USER=shop',
      '',
      '  export DB_PASSWORD="p4ss#word" # quoted',
      'JSON=\'{"a": 1}\'',
      'EMPTY=',
      'SPACED = two words ',
      'NAMES=a=b=c',
      'GITHUB_TOKEN=ghp_x',
      `KEY="${pem.join('\n')}"`,
      'LAST=`it\'s "so"`',
      'ESCAPED="a\\nb"',
    ].join('\r\n')
    expect(readGiven(text)).toEqual({
      DB_USER: 'shop',
      DB_PASSWORD: 'p4ss#word',
      JSON: '{"a": 1}',
      EMPTY: '',
      SPACED: 'two words',
      NAMES: 'a=b=c',
      GITHUB_TOKEN: 'ghp_x',
      KEY: pem.join('\n'),
      LAST: 'it\'s "so"',
      ESCAPED: 'a\nb',
    })
  })

  test('gives nothing without a line', () => {
    expect(readGiven('')).toEqual({})
  })

  test('gives what dotenv reads, wherever dotenv gives anything at all F20', () => {
    const piece = fc.constantFrom(
      'A',
      'B_1',
      '=',
      '"',
      "'",
      '`',
      '\\',
      '#',
      ' ',
      '\t',
      '\n',
      '\r\n',
      'x',
      'é',
      '\u00a0',
      '==',
      '\\n',
      'export ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        let given: Record<string, string>
        try {
          given = readGiven(text)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Problem)
          return
        }
        expect(given).toEqual({ ...parse(text) })
      }),
      { numRuns: 3000 },
    )
  })
})

describe('an ambiguous line of ROLLGATE_ENV is refused by its number', () => {
  test.each([
    ['a # outside of quotes', 'A=p4ss#word', /^line 2 holds a `#`/],
    ['a comment behind a value', 'A=1 # one', /^line 2 holds a `#`/],
    ['quotes that nobody closes', 'A="open\nB=1', /^line 2 opens quotes/],
    ['an escaped quotation mark', 'A="a\\"b"', /^line 2 has a backslash before a quotation mark/],
    ['more behind a closing quotation mark', "A='it's'", /^line 2 goes on behind its closing/],
    ['two backslashes before n', 'A="C:\\\\new"', /^line 2 has two backslashes/],
    ['a name with a dash', 'MY-NAME=1', /^line 2 has no name/],
    ['a name that begins with a digit', '1A=1', /^line 2 has no name/],
    ['a name behind a non-breaking space', '\u00a0A=1', /^line 2 has no name/],
    ['a value before a non-breaking space', 'A=1\u00a0', /^line 2 can be read in two ways/],
    ['a colon', 'A: 1', /^line 2 is no `NAME=value`/],
    ['a NUL', 'A=a\0b', /^line 2 holds a NUL/],
    ['a name that is given twice', 'A=1\nA=1', /^line 3 gives the name of line 2 again/],
    ['the last line of base64', 'A=1\nMIIEvQIBADA==', /^line 3 looks like the last line of a base64/],
    [
      'the last line of base64 with one =',
      'A=1\nMIIEvQIBADANBgk=',
      /^line 3 looks like the last line of a base64/,
    ],
    ['a name of Rollgate', 'ROLLGATE_RELEASE=v1', /^line 2 gives a name that belongs/],
    ['a name of the runner', 'github_sha=1', /^line 2 gives a name that belongs/],
    ['a name of the loader', 'LD_PRELOAD=x.so', /^line 2 gives a name by which programs/],
    ['a name of Node.js', 'NODE_OPTIONS=--require=x', /^line 2 gives a name by which programs/],
    ['a name of the shell', 'BASH_ENV=x', /^line 2 gives a name by which programs/],
    ['PATH', 'PATH=/x', /^line 2 gives a name by which programs/],
  ])('%s F20', (_, text, words) => {
    expect(refused(`# first\n${text}`)).toEqual([expect.stringMatching(words)])
  })

  test('a key outside of quotes is refused where it begins, and its lines are told once F20', () => {
    expect(refused(['A=1', `KEY=${pem[0]}`, ...pem.slice(1), 'B=2'].join('\n'))).toEqual([
      expect.stringMatching(/^line 2 begins a key/),
      expect.stringMatching(/^line 3 is no `NAME=value`/),
      expect.stringMatching(/^line 4 looks like|^line 4 has no name/),
      expect.stringMatching(/^line 5 is no `NAME=value`/),
    ])
  })

  test('nothing of a line is told F20', () => {
    const secret = 'hunter2'
    for (const text of [
      `${secret}`,
      `A=${secret}#`,
      `A="${secret}`,
      `${secret}-x=1`,
      `A='${secret}'x`,
      `ROLLGATE_${secret}=1`,
      `A=${secret}\nA=1`,
    ]) {
      try {
        readGiven(text)
        expect.fail(text)
      } catch (thrown) {
        expect(JSON.stringify((thrown as Problem).words)).not.toContain(secret)
      }
    }
  })
})
