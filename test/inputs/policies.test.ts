import { expect, test } from 'vitest'
import { readPolicies, readPolicy } from '../../src/inputs/config/read.ts'

const source = (text: string) => ({ path: '.github/rollgate.yml', text, commit: 'main' })

const several = source(`
version: 1
app: shop
environments:
  production: { class: production, url: "https://shop.example.com" }
  10: { class: sandbox }
  staging: { class: staging }
`)

test('the policies of all environments are read in the order of the file, each as it is read by its name', () => {
  const policies = readPolicies(several)
  expect(policies.map(({ name }) => name)).toEqual(['production', '10', 'staging'])
  for (const policy of policies) expect(policy).toEqual(readPolicy(several, policy.name))
})

test('a file without environments has no policies, and a mistake in one is the mistake of the file', () => {
  expect(readPolicies(source('version: 1\n'))).toEqual([])
  const mistaken = source(
    'version: 1\nenvironments: { staging: { class: staging }, eu: { clas: production } }\n',
  )
  expect(() => readPolicies(mistaken)).toThrow(
    expect.objectContaining({ code: 'config-invalid', what: expect.stringContaining('environments.eu') }),
  )
})

test('a production knows the stagings beside it, and nothing else does F06', () => {
  const [production, sandbox, staging] = readPolicies(several)
  expect(production?.stagings).toEqual(['staging'])
  expect(sandbox).not.toHaveProperty('stagings')
  expect(staging).not.toHaveProperty('stagings')
})
