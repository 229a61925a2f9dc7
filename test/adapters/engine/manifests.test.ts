import { describe, expect, test } from 'vitest'
import type { KubectlAnswer } from '../../../src/adapters/engine/kubernetes/kubectl.ts'
import { compareManifests } from '../../../src/adapters/engine/kubernetes/manifests/compare.ts'
import { changesBetween } from '../../../src/adapters/engine/kubernetes/manifests/fields.ts'
import type { KubernetesMeans } from '../../../src/adapters/engine/kubernetes/means.ts'
import { digestOfText } from '../../../src/domain/engine/manifests.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aDigest } from '../../domain/a-plan.ts'

const deployment = (image: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', resourceVersion: String(Math.random()), ...more },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'app', image }] } } },
  status: { replicas: Math.random() },
})

const secret = (data: object, annotations: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'shop', annotations, labels: { tier: 'a' } },
  type: 'Opaque',
  data,
})

describe('the changes between two objects', () => {
  test('are a line a field, by the names of containers, without what the cluster keeps for itself', () => {
    const before = deployment('web:1', { generation: 1, managedFields: [{ manager: 'x' }] })
    const after = { ...deployment('web:2'), spec: { ...deployment('web:2').spec, replicas: 3 } }
    expect(changesBetween(before, after)).toEqual([
      'Deployment web: spec.replicas: 2 → 3',
      'Deployment web: spec.template.spec.containers[app].image: "web:1" → "web:2"',
    ])
    expect(changesBetween(before, deployment('web:1'))).toEqual([])
    expect(changesBetween(null, after)).toEqual(['Deployment web: new'])
  })

  test('tell what changed in a Secret, and no value: neither data nor the copy that kubectl keeps', () => {
    const copy = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"b2xk"}}' }
    const before = secret({ password: 'b2xkLXNlY3JldA==', gone: 'Z29uZQ==' }, { ...copy, note: 'old-note' })
    const after = secret({ password: 'bmV3LXNlY3JldA==', added: 'YWRkZWQ=' }, { note: 'new-note' })
    const lines = changesBetween(before, { ...after, stringData: { plain: 'plain-secret' } })
    expect(lines).toEqual([
      'Secret db: data.password: (hidden) → (hidden)',
      'Secret db: data.gone: (hidden) → nothing',
      'Secret db: metadata.annotations.note: (hidden) → (hidden)',
      'Secret db: data.added: nothing → (hidden)',
      'Secret db: stringData.plain: nothing → (hidden)',
    ])
    expect(lines.join()).not.toMatch(/b2xk|bmV3|YWRk|Z29u|plain-secret|-note/)
  })

  test('show no variable that is there, which a hand may have set: only that of the release', () => {
    const withEnv = (value: string) => ({
      ...deployment('web:1'),
      spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'MODE', value }] }] } } },
    })
    expect(changesBetween(withEnv('by-hand'), withEnv('safe'))).toEqual([
      'Deployment web: spec.template.spec.containers[app].env[MODE].value: (hidden) → "safe"',
    ])
  })

  test('are cut where a value is long', () => {
    const map = (text: string) => ({ kind: 'ConfigMap', metadata: { name: 'c' }, data: { text } })
    const [line = ''] = changesBetween(map('a'), map('b'.repeat(5_000)))
    expect(line.length).toBeLessThan(200)
  })
})

/** Means whose kubectl answers by the first word. */
function meansFor(answers: Readonly<Record<'get' | 'apply', KubectlAnswer>>, files: Record<string, string>) {
  const asked: { words: readonly string[]; input: string }[] = []
  const engine = {
    ...{
      kind: 'kubernetes',
      workload: { kind: 'deployment', name: 'web' },
      namespace: 'shop',
      context: null,
    },
    ...{ images: { app: '$IMAGE' }, manifests: Object.keys(files) },
  }
  const kubectl = {
    async ask(words: readonly string[], { input = '' }: { input?: string }) {
      asked.push({ words, input })
      return answers[words[0] as 'get' | 'apply']
    },
  }
  const read = (path: string) => ({ text: files[path] ?? '' })
  return { here: { engine, kubectl, files: { read } } as unknown as KubernetesMeans, asked }
}

const answered = (object: unknown): KubectlAnswer => ({ kind: 'answered', text: JSON.stringify(object) })
const list = (...items: object[]) => answered({ kind: 'List', items })
const calling = { variables: {}, watch: listener() }
const images = { app: `web@${aDigest('2')}` }
const files = { 'deploy/web.yaml': JSON.stringify(deployment('web:latest')) }

describe('comparing manifests', () => {
  test('holds what is there against a dry run of the API server, with the images of the release', async () => {
    const { here, asked } = meansFor(
      { get: answered(deployment('web:1')), apply: list(deployment('web:2'), secret({ a: 'YQ==' })) },
      files,
    )
    expect(await compareManifests(here, images, calling)).toEqual({
      files: [{ path: 'deploy/web.yaml', sha256: digestOfText(files['deploy/web.yaml']) }],
      changes: [
        'Deployment web: spec.template.spec.containers[app].image: "web:1" → "web:2"',
        'Secret db: new',
      ],
    })
    expect(asked[1]?.words).toContain('--dry-run=server')
    expect(asked[1]?.input).toContain(aDigest('2'))
  })

  test('finds everything new where nothing is there', async () => {
    const { here } = meansFor(
      { get: { kind: 'answered', text: '' }, apply: answered(deployment('web:2')) },
      files,
    )
    expect(await compareManifests(here, images, calling)).toMatchObject({ changes: ['Deployment web: new'] })
  })

  test.each<[string, KubectlAnswer]>([
    ['is silent', { kind: 'unheard', why: 'no answer' }],
    ['refuses it', { kind: 'refused', reason: 'Invalid', said: 'spec is wrong' }],
    ['answers no JSON', { kind: 'answered', text: 'deployment.apps/web' }],
  ])('fails where the cluster %s, before anything is applied', async (_how, apply) => {
    const { here, asked } = meansFor({ get: { kind: 'answered', text: '' }, apply }, files)
    expect(await compareManifests(here, images, calling)).toHaveProperty('code')
    expect(asked.filter(({ words }) => words[0] === 'apply' && !words.includes('--dry-run=server'))).toEqual(
      [],
    )
  })
})
