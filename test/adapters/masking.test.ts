import { describe, expect, test } from 'vitest'
import { createMasker, secretsOf } from '../../src/adapters/masking.ts'

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
})

describe('the secrets of an environment', () => {
  test('are the values whose names say so', () => {
    const env = {
      GITHUB_TOKEN: 'ghs_1',
      CLIENT_SECRET: 'two2',
      DB_PASSWORD: 'three',
      MYSQL_PASSWD: 'four',
      SSH_PRIVATE_KEY: 'five',
      AWS_CREDENTIALS: 'sixsix',
      MAPS_API_KEY: 'seven',
      apikey: 'eight',
      HOME: '/home/runner',
      GITHUB_SHA: '0123456789',
    }
    const secrets = ['ghs_1', 'two2', 'three', 'four', 'five', 'sixsix', 'seven', 'eight']
    expect(secretsOf(env)).toEqual(secrets)
  })

  test('are not what is short or common', () => {
    const values = ['', 'abc', 'true', 'FALSE', '12345', ' none ']
    const env = Object.fromEntries(values.map((value, index) => [`TOKEN_${index}`, value]))
    expect(secretsOf({ ...env, TOKEN_UNSET: undefined, TOKEN_PIN: '12345678' })).toEqual(['12345678'])
  })
})
