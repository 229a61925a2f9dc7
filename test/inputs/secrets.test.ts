import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ordinaryForms, ordinaryWords } from '../../src/domain/config/secrets.ts'
import { masksOf, secretsOf } from '../../src/inputs/secrets.ts'

const job = {
  GITHUB_REPOSITORY: 'acme/shop-front',
  GITHUB_REF_NAME: 'release/2026-11',
  GITHUB_ACTOR: 'marta-k',
  INPUT_ENVIRONMENT: 'production-eu',
  INPUT_RELEASE: 'v2026.1.4-hotfix',
}

const ordinary = (value: string): boolean => secretsOf('', { NAME: value }, job).length === 0

describe('masked values', () => {
  test.each([
    'production',
    'Production',
    'staging',
    'true',
    '1',
    '8080',
    '1234567',
    '2026.1',
    'v2026.1.14',
    '2026-11-29',
    '10.0.0.11',
    '10.0.0.11:5432',
    '30s',
    '512Mi',
    '25%',
    'abc',
    '',
    'info',
    'eu-west-1',
    'de_DE.UTF-8',
    'Europe/Berlin',
    'utf-8',
    'localhost',
  ])('an ordinary value, %j, is not a secret F19', (value) => {
    expect(ordinary(value)).toBe(true)
  })

  test.each([
    'production-eu',
    'eu-production'.slice(3),
    'acme',
    'shop-front',
    'front',
    'marta-k',
    'v2026.1.4-hotfix',
  ])('a name that the job shows anyway, %j, is not a secret F19', (value) => {
    expect(ordinary(value)).toBe(true)
  })

  test.each([
    'hunter2',
    's3cret',
    'p4ss',
    'correct-horse',
    '12345678',
    'deadbeef',
    'AKIAIOSFODNN7EXAMPLE',
    'Zürich',
    'shop-fron',
    'op-front',
    '4111-1111-1111-1111',
    'postgres://shop:pw@db/shop',
    'production!',
  ])('any other value, %j, is a secret F19', (value) => {
    expect(ordinary(value)).toBe(false)
  })

  test('a variable of the job is a secret by its name alone, and by the same rule F19', () => {
    const env = {
      CLIENT_SECRET: 'two-and-two',
      DB_PASSWORD: 'three-of-it',
      MYSQL_PASSWD: 'four-of-it',
      SSH_PRIVATE_KEY: 'five-of-it',
      MAPS_API_KEY: 'seven-of-it',
      API_TOKEN: 'production',
      HOME: '/home/runner',
      GITHUB_SHA: '0123456789',
    }
    expect(secretsOf('', {}, env)).toEqual([
      'two-and-two',
      'three-of-it',
      'four-of-it',
      'five-of-it',
      'seven-of-it',
    ])
  })

  test('the token is one, whatever it looks like', () => {
    expect(secretsOf('production', {}, job)).toEqual(['production'])
  })

  test('the runner masks each line of a secret by itself, apart from ordinary ones F19', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\ntrue\n}\n-----END KEY-----\n'
    expect(masksOf([key])).toEqual(['-----BEGIN KEY-----', 'MIIEvQIBADANBg', '-----END KEY-----'])
  })

  test('SECURITY.md lists every word and form that is ordinary F19', () => {
    const page = readFileSync('SECURITY.md', 'utf8').replace(/\s+/g, ' ')
    const words = /`(true false null[^`]*)`/.exec(page)?.[1]?.split(' ')
    expect(words).toEqual([...ordinaryWords])
    for (const form of Object.keys(ordinaryForms)) expect(page).toContain(form)
  })
})
