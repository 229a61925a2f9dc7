import { describe, expect, test } from 'vitest'
import type { EngineService, KubernetesEngine } from '../../src/domain/config/engine-recipe.ts'
import { digestOfText, type ManifestsCompared } from '../../src/domain/engine/manifests.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import type { HandOverStep } from '../../src/domain/step/step.ts'
import { manifestsThere } from '../../src/pipeline/plan/manifests-there.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { manifestsInWords } from '../../src/report/outcome/manifests-in-words.ts'
import { handOverInWords } from '../../src/report/plan/hand-over-in-words.ts'
import { aDigest, anEngineService, aRecipe, aWish, noSteps, stepOf } from '../domain/a-plan.ts'
import { built, enginePlan, onEngines } from './an-engine.ts'
import { durableLedger, type InMemory, opened } from './in-memory.ts'

const kubernetes: KubernetesEngine = {
  ...{ kind: 'kubernetes', workload: { kind: 'deployment', name: 'api' }, namespace: 'shop', context: null },
  ...{ images: { api: `registry/api@${aDigest('2')}` }, manifests: ['deploy/api.yaml', 'deploy/gone.yaml'] },
}
const api: EngineService = { ...anEngineService('api'), engine: kubernetes }
const plan = enginePlan({ services: [api] })
const sha256 = digestOfText('kind: Deployment')

/** The ports of a memory whose engine finds these differences. */
const comparing = ({ ports, engines }: InMemory, compared: ManifestsCompared) => ({
  ...ports,
  engine: () => ({ ...engines.at('api').control, compare: async () => compared }),
})

describe('the manifests of a release', () => {
  test('stand in the plan by their digests, and what they change is said not to be read', async () => {
    const memory = onEngines()
    const sha = await memory.repository.commit('main', { 'deploy/api.yaml': 'kind: Deployment' }, 'the first')
    const wish = aWish({ release: { ...built, sha }, recipe: aRecipe({ steps: noSteps, services: [api] }) })
    const manifests = await manifestsThere(memory.repository, wish)
    expect(manifests).toEqual([
      { service: 'api', path: 'deploy/api.yaml', found: { sha256 } },
      { service: 'api', path: 'deploy/gone.yaml', found: { why: 'it is not in the commit' } },
    ])
    expect(planning({ ...wish, world: { ...wish.world, manifests } })).toMatchObject({ plan: { manifests } })
    const words = handOverInWords({ manifests }, stepOf(plan, 'hand-over') as HandOverStep).join('\n')
    expect(words).toContain(`applies \`deploy/api.yaml\`, \`sha256:${sha256.slice(0, 12)}\``)
    expect(words).toContain('not read before approval')
    expect(words).toContain('`deploy/gone.yaml`: **digest unknown**, it is not in the commit')
  })

  test('are compared before they are applied, and the changes stand in the ledger by then', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    const files = [{ path: 'deploy/api.yaml', sha256 }]
    const changes = ['Deployment api: spec.replicas: 2 → 3']
    const kept: unknown[] = []
    engine.taken = () =>
      void kept.push(
        durableLedger(memory).deployment?.journal.find(({ kind }) => kind === 'manifests-compared'),
      )
    await execute({ ...(await opened(memory, plan)), ports: comparing(memory, { files, changes }) })
    expect(kept).toMatchObject([
      { step: 'hand-over/api', files, tail: ['Deployment api: spec.replicas: 2 → 3'] },
    ])
  })

  test('that the cluster compares with nothing are applied, and that is said', async () => {
    const memory = onEngines()
    const { control } = memory.engines.at('api')
    const failure = { code: 'engine-refused', what: 'a webhook takes no dry run', tail: [] }
    const context = await opened(memory, plan)
    const ports = { ...memory.ports, engine: () => ({ ...control, compare: async () => failure }) }
    expect(await execute({ ...context, ports })).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.voice.texts('warning').join()).toContain('a webhook takes no dry run')
    const { journal } = context.session
    const view = { journal } as unknown as Parameters<typeof manifestsInWords>[0]
    expect(manifestsInWords(view)).toContain('not compared with the cluster')
  })

  test('that differ from the commit of the plan are warned of, and many changes are cut', async () => {
    const memory = onEngines()
    const changes = Array.from({ length: 100 }, (_, at) => `ConfigMap c: data.k${at}: "a" → "b"`)
    const files = [{ path: 'deploy/api.yaml', sha256: 'other' }]
    const manifests = [{ service: 'api', path: 'deploy/api.yaml', found: { sha256 } }]
    const context = await opened(memory, { ...plan, manifests })
    await execute({ ...context, ports: comparing(memory, { files, changes }) })
    expect(memory.voice.texts('warning').join()).toContain('deploy/api.yaml of api')
    const event = context.session.journal.find(({ kind }) => kind === 'manifests-compared')
    const view = { journal: context.session.journal } as unknown as Parameters<typeof manifestsInWords>[0]
    const page = manifestsInWords(view)
    expect(page).toContain('ConfigMap c: data.k0: "a" → "b"')
    expect(page).toContain('more than 60 changes')
    expect(event?.kind === 'manifests-compared' && event.tail.at(-1)).toBe('and 40 more')
  })
})
