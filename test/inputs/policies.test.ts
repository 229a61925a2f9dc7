import { expect, test } from 'vitest'
import { readPolicies, readPolicy, readRecipe } from '../../src/inputs/config/read.ts'

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

test('an environment knows those whose waves start it', () => {
  const text = `
version: 1
environments:
  staging: { class: staging, then: [eu] }
  eu: { class: production, then: [us] }
  us: { class: production }
`
  expect(readPolicies(source(text)).map(({ name, follows }) => [name, follows])).toEqual([
    ['staging', undefined],
    ['eu', ['staging']],
    ['us', ['eu']],
  ])
})

test('required variables are read of the release and of the environment, and a name that none can have is refused', () => {
  const text = `
version: 1
requires-variables: [DATABASE_URL]
environments: { eu: { class: sandbox, requires-variables: [CDN_KEY] } }
`
  expect(readPolicy(source(text), 'eu').requiresVariables).toEqual(['CDN_KEY'])
  expect(readRecipe(source(text), { source: source(text), environment: 'eu' }).requiresVariables).toEqual([
    'DATABASE_URL',
  ])
  for (const wrong of ['[ROLLGATE_APP]', '[A, A]', '[a-b]', 'DATABASE_URL'])
    expect(() => readPolicy(source(text.replace('[CDN_KEY]', wrong)), 'eu')).toThrow(
      expect.objectContaining({ what: expect.stringContaining('environments.eu.requires-variables') }),
    )
})

test('a wave waits for as long as the next environment wants the release to have been kept here', () => {
  const text = `
version: 1
environments:
  staging: { class: staging, then: [eu, us] }
  eu: { class: production, requires: { verified-in: { environment: staging, for: 24h } } }
  us: { class: production, requires: { verified-in: { environment: eu, for: 1h } } }
`
  expect(readPolicy(source(text), 'staging').waves).toEqual([
    { environment: 'eu', lasts: 86_400_000 },
    { environment: 'us', lasts: 0 },
  ])
  expect(readPolicy(source(text), 'eu')).not.toHaveProperty('waves')
})
