import { expect, test } from 'vitest'
import { formAt } from '../../src/report/form/form.ts'
import { driftedWords, driftLine, driftSummary } from '../../src/report/status/drift-summary.ts'
import { wanted } from './scenario.ts'
import { comparison, instance, services, waiting } from './status-scenario.ts'

test('the page of a drift says of every instance how it differs, and how to bring it back WX-11', async () => {
  const page = driftSummary(comparison())
  expect(page).toContain('web/web-1 runs v1.1.0.')
  expect(page).toContain('web/web-2 is not healthy: no answer (connection refused); is not in traffic.')
  expect(page).toContain('`converge: true`')
  await expect(page).toMatchFileSnapshot('golden/drift.md')
})

test('a comparison that a form started: the page has its values for do: reconcile in place of an input', () => {
  const at = { serverUrl: 'https://github.com', repository: 'acme/shop' }
  const page = driftSummary(comparison({ form: formAt(at, 'whole') }))
  expect(page).toContain('| `do` | `reconcile` |')
  expect(page).toContain('-f do=reconcile -f environment=production')
  expect(page).not.toContain('converge')
  expect(driftSummary(comparison({ form: formAt(at, 'decide') }))).toContain('`converge: true`')
})

test('without drift one line says so, and nothing is asked of anybody', async () => {
  const view = comparison({ services: services(), drift: { kind: 'none' } })
  expect(driftLine(view)).toBe('production: no drift from v1.2.0 (aaaaaaa); instances: 5 of 5 right')
  expect(driftedWords(view)).toEqual([])
  expect(driftSummary(view)).toContain('## ✅ production: no drift from v1.2.0')
  expect(driftSummary(view)).not.toContain('### Next')
})

test('a ledger that wants another release than serves is a drift by itself', () => {
  const desired = { tag: wanted.tag, sha: wanted.sha }
  const view = comparison({ services: services(), drift: { kind: 'found', desired } })
  expect(driftedWords(view)).toEqual([
    'The ledger wants v1.3.0 (bbbbbbb), but v1.2.0 (aaaaaaa) is recorded as serving and no deployment is under way.',
  ])
})

test('while a deployment is under way nothing is called a drift, and the page says why', () => {
  const drift = { kind: 'unjudged', because: 'deployment-under-way' } as const
  const view = comparison({ ledger: waiting, drift })
  expect(driftLine(view)).toContain(
    'deployment 7 (deploy v1.3.0) is under way, so instances may differ by right',
  )
  expect(driftSummary(view)).toContain('## ➖ production: a deployment is under way')
  expect(driftedWords(view)).toEqual([])
})

test('many instances: the first are named in words, and all of them in the table', () => {
  const web = Array.from({ length: 60 }, (_, at) =>
    instance(`web-${at}`, 'v1.1.0', { deviations: ['other-release'] }),
  )
  const view = comparison({ services: services(web) })
  expect(driftedWords(view).at(-1)).toBe('And 40 more instances.')
  expect(driftSummary(view)).toContain('| ⚠️ | `web` | `web-59` |')
})
