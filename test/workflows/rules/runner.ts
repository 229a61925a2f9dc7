import { inForce } from '../../../src/sandbox/rules/in-force.ts'
import { shownEnd } from '../../../src/sandbox/workflows/job/step-limits.ts'
import { ended } from '../../../src/sandbox/workflows/site/machine.ts'
import { textRepository } from '../../../src/sandbox/workflows/site/source-repository.ts'
import type { Probe } from '../../sandbox/rules/holds.ts'
import { form, job, look, own, type ProbedWorld, probed, shop } from './probed-run.ts'

const failed = async (...[world, rules]: Parameters<typeof probed>): Promise<boolean> =>
  (await probed(world, rules)).conclusion === 'failure'

const older = (version: string): Partial<ProbedWorld['site']> => ({
  runners: { hosted: version, selfHosted: [] },
})

/** A repository with an action of its own, which its workflow uses by this word. */
function withAction(uses: string, site: ProbedWorld['site'] = {}): ProbedWorld {
  const workflow = form({ act: job({ steps: [{ uses }] }) })
  const files = {
    [own]: JSON.stringify(workflow),
    'look/action.yml': 'runs: { using: node24, main: index.js }',
  }
  const machine = async () => ({
    hashFiles: () => '',
    use: async () => ended(),
    shell: async () => ended(),
    close: async () => [],
  })
  return { workflow, site: { repositories: { [shop]: textRepository(shop, files) }, machine, ...site } }
}

export const runnerProbes = {
  'input-131071-bytes': async (rules) => {
    const given = (bytes: number) => ({
      workflow: form({ act: job({ steps: [look({ plan: 'x'.repeat(bytes) })] }) }),
    })
    const most = 131_071 - 'INPUT_PLAN='.length
    return !(await failed(given(most), rules)) && (await failed(given(most + 1), rules))
  },
  'annotations-10-a-step': async (rules) => {
    const annotations = Array(11).fill({ level: 'warning', message: 'x'.repeat(5_000) })
    const shown = shownEnd(ended({ annotations }), inForce(rules)).annotations
    return shown.length === 10 && shown[0]?.message.length === 4_096
  },
  'summary-1-mib': async (rules) => {
    const { summary, annotations, conclusion } = shownEnd(
      ended({ summary: 'x'.repeat(1_048_577) }),
      inForce(rules),
    )
    return summary === '' && annotations[0]?.level === 'error' && conclusion === 'success'
  },
  'self-reference-needs-2-336': (rules) => failed(withAction('$/look', older('2.335.0')), rules),
  'self-reference-not-on-server': (rules) =>
    failed(withAction('$/look', { product: 'enterprise-server' }), rules),
  'node24-needs-2-327': (rules) => failed(withAction('acme/shop/look@v1', older('2.327.0')), rules),
} satisfies Readonly<Record<string, Probe>>
