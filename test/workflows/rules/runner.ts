import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inForce } from '../../../src/sandbox/rules/in-force.ts'
import { runShell } from '../../../src/sandbox/runner/shell.ts'
import { shownEnd } from '../../../src/sandbox/workflows/job/step-limits.ts'
import { sceneMachine } from '../../../src/sandbox/workflows/scene-machine.ts'
import { ended, type StepLeft } from '../../../src/sandbox/workflows/site/machine.ts'
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

/** Runs a script as a step of its own, whose end by signals is quick. */
async function inShell(
  run: string,
  rules: Parameters<Probe>[0],
  cancelled: AbortSignal = new AbortController().signal,
  hear: (line: string) => void = () => {},
): Promise<StepLeft> {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-rule-'))
  try {
    return await runShell(
      { run, shell: 'bash', workingDirectory: '', env: {} },
      {
        ...{ workspace: folder, temp: folder, env: {}, cancelled, hear, inForce: inForce(rules) },
        pace: { afterInterrupt: 250, afterTerminate: 250 },
      },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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
    const shown = shownEnd(ended({ annotations }), [], inForce(rules)).annotations
    return shown.length === 10 && shown[0]?.message.length === 4_096
  },
  'summary-1-mib': async (rules) => {
    const { summary, annotations, conclusion } = shownEnd(
      ended({ summary: 'x'.repeat(1_048_577) }),
      [],
      inForce(rules),
    )
    return summary === '' && annotations[0]?.level === 'error' && conclusion === 'success'
  },
  'self-reference-needs-2-336': (rules) => failed(withAction('$/look', older('2.335.0')), rules),
  'self-reference-not-on-server': (rules) =>
    failed(withAction('$/look', { product: 'enterprise-server' }), rules),
  'node24-needs-2-327': (rules) => failed(withAction('acme/shop/look@v1', older('2.327.0')), rules),
  'hash-files-of-workspace': async (rules) => {
    const step = { run: 'echo here', if: "hashFiles('setup/*.yml') != ''" }
    const machine = sceneMachine({ actions: {}, files: ['setup/action.yml'] })
    const { jobs } = await probed(
      { workflow: form({ act: job({ steps: [step] }) }), site: { machine } },
      rules,
    )
    return jobs.act?.steps.length === 1
  },
  'cancel-by-signals': async (rules) => {
    const cancelling = new AbortController()
    // The shell waits for its child in the background, so that a trap runs at once.
    const run =
      "trap 'echo told' TERM; trap 'echo asked' INT; echo ready; while :; do sleep 0.01 & wait || true; done"
    const { log, conclusion } = await inShell(run, rules, cancelling.signal, (line) => {
      if (line === 'ready') cancelling.abort()
    })
    return conclusion === 'cancelled' && log.join() === 'ready,asked,told'
  },
  'node-options-not-by-file': async (rules) => {
    const run = 'echo NODE_OPTIONS=--inspect >> "$GITHUB_ENV"; echo REGION=EU >> "$GITHUB_ENV"'
    const { env } = await inShell(run, rules)
    return env.NODE_OPTIONS === undefined && env.REGION === 'EU'
  },
  'commands-stop': async (rules) => {
    const run = 'echo ::stop-commands::quiet; echo ::error::planted; echo ::quiet::; echo ::error::real'
    const { annotations } = await inShell(run, rules)
    return annotations.length === 1 && annotations[0]?.message === 'real'
  },
  'masks-in-log': async (rules) => {
    const { jobs } = await probed(
      {
        workflow: form({ act: job({ steps: [{ run: 'echo ::add-mask::hush; echo so: hush' }] }) }),
      },
      rules,
    )
    return jobs.act?.played[0]?.log.at(-1) === 'so: ***'
  },
} satisfies Readonly<Record<string, Probe>>
