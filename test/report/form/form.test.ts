import { expect, test } from 'vitest'
import { formAt, formInRef } from '../../../src/report/form/form.ts'

const place = { serverUrl: 'https://github.com', repository: 'acme/shop' }
const ref = (file: string) => `acme/shop/.github/workflows/${file}@refs/heads/main`

test('a run of a form names that form, and a run of any other workflow tells nothing of it', () => {
  expect(formInRef(ref('rollgate.yml'))).toBe('whole')
  expect(formInRef(ref('rollgate-decide.yml'))).toBe('decide')
  for (const other of [ref('rollgate-watch.yml'), ref('my-rollgate.yml'), ref('rollgate.yml.bak'), '', null])
    expect(formInRef(other)).toBeNull()
})

test('a form has the address of its workflow', () => {
  expect(formAt(place, 'whole').url).toBe('https://github.com/acme/shop/actions/workflows/rollgate.yml')
})
