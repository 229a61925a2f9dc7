import { noValues } from '../../../src/sandbox/workflows/site/actions-site.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'
import { called, form, isRefused, job, look, type ProbedWorld, probed, reusable } from './probed-run.ts'

const foreign = `rollgate/rollgate/${called}@v0`
const akin = `acme/shared/${called}@v1`
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of GitHub's, not of this file
const secret = job({ steps: [look({ secret: '${{ secrets.KEY }}', variable: '${{ vars.REGION }}' })] })
const passing = { KEY: '${{ secrets.KEY }}' }
const gated = { ...secret, environment: { name: 'production', deployment: false } }
const declared = { secrets: { KEY: {} } }

const production = { ...noValues, environments: { production: { KEY: 'of production' } } }
const stored = { ...noValues, repository: { KEY: 'of the repository' } }

/** A run of a workflow that calls another one. */
const calling = (uses: string, call: object, inner: object, site: ProbedWorld['site'] = {}): ProbedWorld => ({
  workflow: form({ call: { uses, ...call } }),
  callable: { 'rollgate/rollgate': inner, 'acme/shared': inner },
  site,
})
const secretSeen = async (...[world, rules]: Parameters<typeof probed>): Promise<string | undefined> =>
  (await probed(world, rules)).seen[0]?.with.secret
const isRefusedAtStart = async (...[world, rules]: Parameters<typeof probed>): Promise<boolean> =>
  (await probed(world, rules)).conclusion === 'startup_failure'

export const calledProbes = {
  'self-hosted-owner-border': async (rules) => {
    const runner = { owner: 'acme', labels: ['self-hosted'], version: '2.336.0' }
    const site = { runners: { hosted: '2.336.0', selfHosted: [runner] } }
    const on = reusable({ inner: job({ 'runs-on': 'self-hosted' }) })
    const [across, within] = await Promise.all([
      probed(calling(foreign, {}, on, site), rules),
      probed(calling(akin, {}, on, site), rules),
    ])
    return within.conclusion === 'success' && across.conclusion === 'failure'
  },
  'environment-secrets-owner-border': async (rules) =>
    (await secretSeen(
      calling(foreign, { secrets: passing }, reusable({ inner: gated }, declared), { secrets: production }),
      rules,
    )) === '',
  'environment-secrets-isolated': async (rules) => {
    const inner = reusable({ inner: gated }, declared)
    const named = await secretSeen(calling(akin, { secrets: passing }, inner, { secrets: production }), rules)
    const unnamed = await secretSeen(calling(akin, {}, inner, { secrets: production }), rules)
    return named === 'of production' && unnamed === ''
  },
  'environment-variables-cross': async (rules) => {
    const variables = { ...noValues, environments: { production: { REGION: 'EU' } } }
    const { seen } = await probed(calling(foreign, {}, reusable({ inner: gated }), { variables }), rules)
    return seen[0]?.with.variable === 'EU'
  },
  'called-secrets-passed': async (rules) =>
    (await secretSeen(
      calling(akin, {}, reusable({ inner: secret }, declared), { secrets: stored }),
      rules,
    )) === '',
  'called-secrets-one-level': async (rules) => {
    const world: ProbedWorld = {
      workflow: form({ call: { uses: akin, secrets: 'inherit' } }),
      callable: {
        'acme/shared': reusable({ middle: { uses: `acme/more/${called}@v1` } }, declared),
        'acme/more': reusable({ inner: secret }, declared),
      },
      site: { secrets: stored },
    }
    return (await secretSeen(world, rules)) === ''
  },
  'inherit-owner-border': async (rules) => {
    const inner = reusable({ inner: secret }, declared)
    const within = await secretSeen(calling(akin, { secrets: 'inherit' }, inner, { secrets: stored }), rules)
    const across = await secretSeen(
      calling(foreign, { secrets: 'inherit' }, inner, { secrets: stored }),
      rules,
    )
    return within === 'of the repository' && across === ''
  },
  'called-secrets-declared': (rules) =>
    isRefusedAtStart(calling(akin, { secrets: passing }, reusable({ inner: job() })), rules),
  'called-inputs-declared': (rules) =>
    isRefusedAtStart(calling(akin, { with: { release: 'v1' } }, reusable({ inner: job() })), rules),
  'called-input-types': (rules) => {
    const inner = reusable({ inner: job() }, { inputs: { limit: { type: 'number' } } })
    return isRefused(calling(akin, { with: { limit: "${{ 'many' }}" } }, inner), rules)
  },
  'called-variables-of-caller': async (rules) => {
    const variables = { ...noValues, repository: { REGION: 'EU' } }
    const { seen } = await probed(calling(akin, {}, reusable({ inner: secret }), { variables }), rules)
    return seen[0]?.with.variable === 'EU'
  },
  'called-permissions-downgraded': (rules) => {
    const inner = reusable({ inner: job({ if: 'false', permissions: { contents: 'write' } }) })
    return isRefusedAtStart(calling(akin, { permissions: { contents: 'read' } }, inner), rules)
  },
  'called-levels': (rules) => {
    // Each level is a repository that calls the next one, and the last one has a job.
    const levels = Array.from({ length: 10 }, (_, at): [string, object] => [
      `acme/level-${at}`,
      reusable({ next: at === 9 ? job() : { uses: `acme/level-${at + 1}/${called}@v1` } }),
    ])
    const workflow = form({ call: { uses: `acme/level-0/${called}@v1` } })
    return isRefusedAtStart({ workflow, callable: Object.fromEntries(levels) }, rules)
  },
  'called-50-workflows': (rules) => {
    const calls = Array.from({ length: 51 }, (_, at) => [`call-${at}`, { uses: akin }])
    const callable = { 'acme/shared': reusable({ inner: job() }) }
    return isRefusedAtStart({ workflow: form(Object.fromEntries(calls)), callable }, rules)
  },
  'env-stays-in-its-file': async (rules) => {
    const { seen } = await probed(
      {
        workflow: form({ call: { uses: akin } }, { env: { REGION: 'EU' } }),
        callable: { 'acme/shared': reusable({ inner: job() }) },
      },
      rules,
    )
    return seen[0]?.env.REGION === undefined
  },
} satisfies Readonly<Record<string, Probe>>
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
