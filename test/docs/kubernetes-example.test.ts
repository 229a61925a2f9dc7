import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { onEngines } from '../../src/domain/config/declared-service.ts'
import { readBoth } from '../inputs/config.fixture.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const example = (path: string): string => read(`examples/kubernetes-shop/${path}`)

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** The rights of rules, one a word: `apps/deployments/get`. */
const rightsOf = ({ rules }: { readonly rules: readonly Rule[] }): string[] => [
  ...new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((one) => verbs.map((verb) => `${group}/${one}/${verb}`)),
      ),
    ),
  ),
]

const objectsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS())
const [pageRole] = [...read('docs/engines-kubernetes.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
  .map(([, text = '']) => parse(text))
  .filter(({ kind }) => kind === 'Role')

test('the Role of the example has the rights of the page for a Deployment, and its Service', () => {
  const [role] = objectsIn(example('k8s/account.yaml')).filter(({ kind }) => kind === 'Role')
  const ofOthers = /statefulset|daemonset|controllerrevision|\/pods\/delete|\/services\/|endpointslices/
  const service = ['get', 'create', 'patch'].map((verb) => `/services/${verb}`)
  const wanted = rightsOf(pageRole).filter((right) => !ofOthers.test(right))
  expect(rightsOf(role).toSorted()).toEqual([...wanted, ...service].toSorted())
})

test('the manifests of the example have the workload that its config names, in no namespace of their own', () => {
  const objects = objectsIn(example('k8s/web.yaml'))
  expect(objects.map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['Deployment', { name: 'web' }],
    ['Service', { name: 'web' }],
  ])
  const places = ['staging', 'production'].flatMap((environment) =>
    onEngines(readBoth(example('.github/rollgate.yml'), environment).recipe.services),
  )
  expect(places).toMatchObject([
    { engine: { namespace: 'shop-staging', workload: { kind: 'deployment', name: 'web' } }, testBed: null },
    { engine: { namespace: 'shop', manifests: ['k8s/web.yaml'] }, testBed: { bakeTime: 120_000 } },
  ])
})
