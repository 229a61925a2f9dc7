import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('masking', () => {
  test('covers a secret wherever it stands', () => {
    expect(createMasker(['s3cret']).mask('s3cret and xs3crety')).toBe('*** and x***y')
  })

  test('covers a secret that was added later', () => {
    const masker = createMasker()
    masker.add('s3cret')
    expect(masker.mask('the s3cret')).toBe('the ***')
  })

  test('covers secrets that overlap as one', () => {
    expect(createMasker(['abcdef', 'defghi', 'cdef']).mask('<abcdefghi>')).toBe('<***>')
  })

  test('covers each of two secrets side by side', () => {
    expect(createMasker(['first1', 'second2']).mask('first1second2')).toBe('******')
  })

  test('covers every line of a secret', () => {
    const { mask } = createMasker(['-----BEGIN KEY-----\r\n  MIIEvQ\n-----END KEY-----\n'])
    expect(['-----BEGIN KEY-----', 'MIIEvQ', '-----END KEY-----'].map(mask)).toEqual(['***', '***', '***'])
  })

  test('covers it URL-encoded and within JSON', () => {
    const { mask } = createMasker(['p@ss "w" ö'])
    expect(mask('https://u:p%40ss%20%22w%22%20%C3%B6@host')).toBe('https://u:***@host')
    expect(mask(JSON.stringify({ password: 'p@ss "w" ö' }))).toBe('{"password":"***"}')
  })

  test('covers the password of an address that nobody called a secret, and no variable in its place', () => {
    const { mask } = createMasker()
    expect(
      mask('GET https://admin:hunter2@shop.example.com/health: no, postgres://:pa%40ss@db:5432/shop'),
    ).toBe('GET https://admin:***@shop.example.com/health: no, postgres://:***@db:5432/shop')
    for (const plain of [
      'https://$USER:$PASSWORD@shop.example.com/health',
      'https://shop.example.com:443/a@b',
      'https://admin@shop.example.com',
      'http://127.0.0.1:4001/version',
    ])
      expect(mask(plain)).toBe(plain)
  })

  test('covers the whole password of an address, with a sign @ in it', () => {
    expect(createMasker().mask('postgres://shop:p@ss:w@db.example.com:5432/shop@1 of me@example.com')).toBe(
      'postgres://shop:***@db.example.com:5432/shop@1 of me@example.com',
    )
  })

  test('reads a long line of many short words once', () => {
    const line = `${'a-'.repeat(300_000)}://`
    expect(createMasker().mask(line)).toBe(line)
  })

  test.each(['', 'u', 'us', 'use', 'user'])('covers it in base64 behind "%s"', (before) => {
    const { mask } = createMasker(['correct-horse'])
    const masked = mask(base64(`${before}correct-horse and more`))
    expect(masked).toContain('***')
    const shown = masked.split('***').map((part) => Buffer.from(part, 'base64').toString())
    expect(shown.join()).not.toMatch(/orrect|hors/)
  })

  test('covers it in base64 with nothing left of it', () => {
    expect(createMasker(['correct-horse']).mask(`<${base64('correct-horse')}>`)).toBe('<***>')
  })

  test('covers the beginning of a secret where a text was cut, and only there', () => {
    const { mask, maskCut } = createMasker(['correct-horse'])
    expect(maskCut('password: correct-ho')).toBe('password: ***')
    expect(mask('password: correct-ho')).toBe('password: correct-ho')
    expect(maskCut('correct-ho is no end')).toBe('correct-ho is no end')
  })

  test('leaves alone what is shorter than four characters', () => {
    expect(createMasker(['abc', '', ' \n ']).mask('abc \n ')).toBe('abc \n ')
  })

  describe('in the encodings of programs', () => {
    const secret = `pä'ss "w<o>&r/d+=\\`
    const json = String.raw`pä'ss \"w<o>&r/d+=\\`
    const encoded: Readonly<Record<string, string>> = {
      'percent, lower case': 'p%c3%a4%27ss%20%22w%3co%3e%26r%2fd%2b%3d%5c',
      'a form': 'p%C3%A4%27ss+%22w%3Co%3E%26r%2Fd%2B%3D%5C',
      encodeURI: encodeURI(secret),
      JSON: json,
      'JSON of PHP': String.raw`p\u00e4'ss \"w<o>&r\/d+=\\`,
      'JSON of Go': String.raw`pä'ss \"w\u003co\u003e\u0026r/d+=\\`,
      'JSON of Python': String.raw`p\u00e4'ss \"w<o>&r/d+=\\`,
      'JSON of .NET': String.raw`p\u00E4\u0027ss \u0022w\u003Co\u003E\u0026r/d\u002B=\\`,
      'JSON within JSON': JSON.stringify(json).slice(1, -1),
      HTML: 'pä&#39;ss &quot;w&lt;o&gt;&amp;r/d+=\\',
      'HTML of PHP': 'pä&#039;ss &quot;w&lt;o&gt;&amp;r/d+=\\',
      'HTML of Go': 'pä&#39;ss &#34;w&lt;o&gt;&amp;r/d&#43;=\\',
      XML: 'pä&apos;ss &quot;w&lt;o&gt;&amp;r/d+=\\',
      'single quotes of a shell': `pä'\\''ss "w<o>&r/d+=\\`,
      'double quotes of a shell': String.raw`pä'ss \"w<o>&r/d+=\\`,
      SQL: `pä''ss "w<o>&r/d+=\\`,
      'SQL of MySQL': String.raw`pä\'ss \"w<o>&r/d+=\\`,
      hex: Buffer.from(secret).toString('hex'),
      'hex, upper case': Buffer.from(secret).toString('hex').toUpperCase(),
      'hex by pairs': (Buffer.from(secret).toString('hex').match(/../g) ?? []).join(' '),
      'hex in a string': (Buffer.from(secret).toString('hex').match(/../g) ?? []).join(String.raw`\x`),
    }
    test.each(Object.entries(encoded))('a secret in %s is covered F53', (_, form) => {
      const { mask } = createMasker([secret])
      expect(mask(`<${form}>`)).toBe('<***>')
    })

    test.each(['', 'u', 'us'])('a secret in base64url, behind "%s" in a pair, is covered F53', (user) => {
      const password = '~~~???>>>~~~???'
      const form = Buffer.from(`${user}:${password}`).toString('base64url')
      const masked = createMasker([password]).mask(form)
      const shown = masked.split('***').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      expect(masked).toContain('***')
      expect(shown.join()).not.toMatch(/[~?>]{2}/)
    })

    test.each([60, 64, 76])('a secret in base64 with lines of %i characters is covered F53', (width) => {
      fc.assert(
        fc.property(
          fc.string({ unit: 'binary-ascii', maxLength: 90 }),
          fc.stringMatching(/^[!-~]{16,80}$/),
          (before, password) => {
            fc.pre(!before.includes(password))
            const text = Buffer.from(`${before}${password}${before}`).toString('base64')
            const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
            const masked = createMasker([password]).mask(lines.join('\n'))
            const left = masked.split(/\*\*\*|\n/).map((part) => part.replaceAll('=', ''))
            const inner = base64Within(before.length, password)
            // A piece of five letters, less than four characters, may stay beside a line break.
            for (const part of left)
              for (let at = 0; at + 11 <= part.length; at++)
                expect(inner).not.toContain(part.slice(at, at + 11))
          },
        ),
        { numRuns: 200 },
      )
    })

    /** The letters of base64 that a password alone decides, behind so many bytes. */
    function base64Within(before: number, password: string): string {
      const shift = before % 3
      const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(password)])
      return bytes
        .toString('base64')
        .slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + password.length) * 8) / 6))
    }
  })

  test('a commit and a SHA-256 stay, whatever they end with F53', () => {
    const { mask } = createMasker(['hunter2-secret', 'd', 'dead'])
    const end = Buffer.from('hunter').toString('hex')
    for (const length of [40, 64]) expect(mask(end.padStart(length, '0'))).toBe(end.padStart(length, '0'))
  })

  test('the longer of two secrets that begin alike is covered whole F53', () => {
    expect(createMasker(['hunter2', 'hunter2-and-more']).mask('<hunter2-and-more>')).toBe('<***>')
  })

  test('ordinary lines of a secret with many lines stay F53', () => {
    const { mask } = createMasker(['{\n  "private_key": "MIIEvQIBADANBg",\n  "debug": true\n}\n'])
    expect(['{', '  "private_key": "MIIEvQIBADANBg",', '}', 'true'].map(mask)).toEqual([
      '{',
      '  ***',
      '}',
      'true',
    ])
  })

  test('a thousand secrets do not make a log of 10 MiB slow F53', () => {
    const { mask } = createMasker(
      Array.from({ length: 1000 }, (_, index) => `s3cret/${index}+${index * 7919}`),
    )
    const line = 'GET /orders/4711 200 in 12 ms by deploy@web-1.shop.example.com, nothing to see'.repeat(4)
    const began = process.cpuUsage()
    for (let shown = 0; shown < 10 * 1024 * 1024; shown += line.length) mask(line)
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(10)
  })
})
