import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/adapters/github/release/manifest-text.ts'
import { aManifest } from '../contracts/release.contract.ts'

const written = (outputs: object) => JSON.stringify({ ...aManifest(), outputs })

describe('a manifest', () => {
  test('gives the outputs of its build', () => {
    expect(parseManifest(written({ DIGEST: 'sha256:abc' }), 'v1.2.0').outputs).toEqual({
      DIGEST: 'sha256:abc',
    })
  })

  test.each(['BASH_ENV', 'LD_PRELOAD', 'PATH', 'NODE_OPTIONS', 'ROLLGATE_SHA', 'A B', '__proto__'])(
    'is taken for replaced if its outputs give %s, which no build may write',
    (name) => {
      const text = written({ GOOD: '1' }).replace('"GOOD"', JSON.stringify(name))
      expect(() => parseManifest(text, 'v1.2.0')).toThrow(/manifest of v1\.2\.0 is none: its outputs/)
    },
  )

  test('is taken for replaced if an output has a NUL character', () => {
    expect(() => parseManifest(written({ A: 'x\0y' }), 'v1.2.0')).toThrow(/its outputs/)
  })
})
