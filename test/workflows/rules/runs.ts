import { inForce } from '../../../src/sandbox/rules/in-force.ts'
import { rerunOf } from '../../../src/sandbox/workflows/run/rerun.ts'
import { startRun } from '../../../src/sandbox/workflows/run/run.ts'
import { ended, failedWith } from '../../../src/sandbox/workflows/site/machine.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'
import { form, job, look, probed, probedSite } from './probed-run.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of GitHub's, not of this file
const secret = job({ steps: [look({ secret: '${{ secrets.KEY }}' })] })
const stored = { organisation: {}, repository: { KEY: 'a secret' }, environments: {} }
const fork = { name: 'pull_request', fork: true } as const
const pulled = (jobs: object) => ({ ...form(jobs), on: { pull_request: {} } })

/** A job whose output is that of its step. */
const handingOn = (permissions: object = {}) =>
  job({
    permissions,
    outputs: { given: '${{ steps.look.outputs.given }}' },
    steps: [{ id: 'look', ...look() }],
  })
const handedOn = async (given: string, rules: Parameters<Probe>[0]): Promise<string | undefined> => {
  const answer = () => ({ outputs: { given } })
  const world = { workflow: form({ act: handingOn() }), site: { secrets: stored }, answer }
  const { jobs } = await probed(
    { ...world, workflow: form({ act: { ...handingOn(), env: { K: '${{ secrets.KEY }}' } } }) },
    rules,
  )
  return jobs.act?.outputs.given
}

/** Runs two jobs, of which the second fails once, and runs the failed one again. */
async function rerun(rules: Parameters<Probe>[0], by: string) {
  let calls = 0
  const answer = () => {
    calls += 1
    return { outputs: { number: String(calls) }, fails: calls === 2 }
  }
  const first = job({
    outputs: { number: '${{ steps.look.outputs.number }}' },
    steps: [{ id: 'look', ...look() }],
  })
  const { site, start } = probedSite(
    { workflow: form({ first, second: job({ needs: 'first' }) }), answer },
    rules,
  )
  const run = await start().ended
  const again = await startRun(site, rerunOf(run, 'failed', by, site.inForce)).ended
  return { again, seen: calls }
}

export const runProbes = {
  'parsed-by-github': async (rules) => {
    const workflow = form({ act: job({ steps: [{ ...look(), retries: 3 }] }) })
    return (await probed({ workflow }, rules)).conclusion === 'startup_failure'
  },
  'no-runner-fails': async (rules) =>
    (await probed({ workflow: form({ act: job({ 'runs-on': 'eu' }) }) }, rules)).conclusion === 'failure',
  'token-has-named-grants': async (rules) => {
    const { tokens } = await probed(
      { workflow: form({ act: job({ permissions: { actions: 'read' } }) }) },
      rules,
    )
    return JSON.stringify(tokens) === JSON.stringify([{ actions: 'read' }])
  },
  'absent-secret-is-empty': async (rules) => {
    const { seen, conclusion } = await probed({ workflow: form({ act: secret }) }, rules)
    return conclusion === 'success' && seen[0]?.with.secret === ''
  },
  'masked-outputs-dropped': async (rules) =>
    (await handedOn('so it is: a secret', rules)) === undefined && (await handedOn('fine', rules)) === 'fine',
  'job-outputs-1-mb': async (rules) => (await handedOn('x'.repeat(524_288), rules)) === undefined,
  'matrix-256-jobs': async (rules) => {
    const numbers = Array.from({ length: 257 }, (_, at) => at)
    const each = job({
      strategy: { matrix: { number: numbers } },
      if: 'true',
      steps: [{ if: 'false', ...look() }],
    })
    return (await probed({ workflow: form({ act: each }) }, rules)).conclusion === 'failure'
  },
  'fork-gets-no-secrets': async (rules) => {
    const { seen } = await probed(
      { workflow: pulled({ act: secret }), event: fork, site: { secrets: stored } },
      rules,
    )
    return seen[0]?.with.secret === ''
  },
  'fork-token-reads': async (rules) => {
    const workflow = pulled({ act: job({ permissions: { contents: 'write' } }) })
    const { tokens } = await probed({ workflow, event: fork }, rules)
    return tokens[0]?.contents === 'read'
  },
  'failed-job-has-outputs': async (rules) => {
    const answer = () => ({ outputs: { given: 'before the failure' }, fails: true })
    const { jobs } = await probed({ workflow: form({ act: handingOn() }), answer }, rules)
    return jobs.act?.result === 'failure' && jobs.act.outputs.given === 'before the failure'
  },
  'rerun-keeps-success': async (rules) => {
    const { again, seen } = await rerun(rules, 'dora')
    return seen === 3 && again.jobs.first?.outputs.number === '1' && again.start.attempt === 2
  },
  'rerun-original-actor': async (rules) => {
    const { actor, triggeringActor } = (await rerun(rules, 'olga')).again.start
    return actor === 'dora' && triggeringActor === 'olga'
  },
  'rerun-50': async (rules) => {
    const run = await probed({ workflow: form({ act: job() }), start: { attempt: 51 } }, rules)
    try {
      return rerunOf(run, 'all', 'dora', inForce(rules)).attempt === 0
    } catch {
      return true
    }
  },
  'post-runs-always': async (rules) => {
    const closed: boolean[] = []
    const machine = async () => ({
      hashFiles: () => '',
      use: async () => failedWith('it fails'),
      shell: async () => ended(),
      close: async (runsPosts: boolean) => {
        closed.push(runsPosts)
        return []
      },
    })
    await probed({ workflow: form({ act: job() }), site: { machine } }, rules)
    return closed[0] === true
  },
} satisfies Readonly<Record<string, Probe>>
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
