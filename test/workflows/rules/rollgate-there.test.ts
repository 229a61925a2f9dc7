import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { EnforcedRule, RuleKeptBy } from '../../../src/sandbox/rules/table.ts'
import { mistakesIn } from '../../../src/sandbox/workflows/file/parser.ts'
import type { Handler } from '../../../src/sandbox/workflows/scene-machine.ts'
import { sceneMachine } from '../../../src/sandbox/workflows/scene-machine.ts'
import { noValues } from '../../../src/sandbox/workflows/site/actions-site.ts'
import { gateKeeper, unprotected } from '../../../src/sandbox/workflows/site/gate-keeper.ts'
import { anyLabel } from '../../../src/sandbox/workflows/site/runners.ts'
import { textRepository } from '../../../src/sandbox/workflows/site/source-repository.ts'
import { parseWorkflow, readWorkflow, textOf } from '../../../src/sandbox/workflows/workflow-file.ts'
import { exampleWorkflows, ownWorkflows as kept } from '../../../src/sandbox/workflows/workflow-files.ts'
import { ownWorkflows } from '../../../src/workflows/own-workflows.ts'
import { probedSite, shop } from './probed-run.ts'

/** The two workflows that `rollgate init` writes into a repository. */
const written = ownWorkflows({ version: 'v0', runsOn: ['self-hosted', 'production'] })
const formPath = '.github/workflows/rollgate.yml'
const texts = [...written.values()]
const own = texts.map(parseWorkflow)
const form = parseWorkflow(written.get(formPath) ?? '')
const fields = form.on.workflow_dispatch?.inputs ?? {}
const ownJobs = own.flatMap(({ jobs }) => Object.values(jobs))
const everyFile = [...own, ...[...kept, ...exampleWorkflows].map(readWorkflow)]
const gatedFiles = everyFile.filter(
  ({ name, jobs }) => name !== 'Publish' && Object.values(jobs).some((job) => job.environment !== undefined),
)

interface FormPlay {
  readonly off?: readonly EnforcedRule[]
  readonly look?: Readonly<Record<string, string>>
  /** Versions of the only runner that there is. */
  readonly runner?: string
  readonly secret?: string
}

const look = { job: 'act', plan: '{"plan":"…"}', release: 'v2', sha: '1'.repeat(40) }

/** Plays the form in a repository of any owner, with a secret of the environment. */
async function playedForm({ off = [], look: more = {}, runner = '2.327.1', secret = 'A=b' }: FormPlay = {}) {
  const calls: (Parameters<Handler>[0] & { readonly action: string })[] = []
  const answering =
    (outputs: Readonly<Record<string, string>>, action: string): Handler =>
    (call) => {
      calls.push({ ...call, action })
      return { outputs }
    }
  const answers = { look: { ...look, ...more }, gate: { go: 'true' }, act: { outcome: 'succeeded' } }
  const actions = Object.entries(answers).map(([name, outputs]): [string, Handler] => [
    `rollgate/rollgate/actions/${name}`,
    answering(outputs, name),
  ])
  const { start } = probedSite(
    {
      workflow: {},
      site: {
        repositories: { [shop]: textRepository(shop, Object.fromEntries(written)) },
        runners: { hosted: runner, selfHosted: [{ owner: 'acme', labels: [anyLabel], version: runner }] },
        secrets: { ...noValues, environments: { production: { ROLLGATE_ENV: secret } } },
        gates: gateKeeper({ production: { ...unprotected, reviewers: ['rhea'] } }, async () => ({
          by: 'rhea',
          state: 'approved',
        })),
        machine: sceneMachine({
          actions: { ...Object.fromEntries(actions), 'actions/checkout': answering({}, 'checkout') },
          files: [],
        }),
      },
    },
    { off },
  )
  const inputs = { environment: 'production', do: 'deploy', release: 'v2' }
  const run = await start({ workflow: formPath, event: { name: 'workflow_dispatch', inputs } }).ended
  return { run, of: (action: string) => calls.find((call) => call.action === action) }
}

const deploysInAnyRepository = async (): Promise<void> => {
  const { run, of } = await playedForm()
  expect(run.conclusion).toBe('success')
  expect(of('act')?.env.ROLLGATE_ENV).toBe('A=b')
}
const callsNoWorkflow = (): void => expect(ownJobs.filter(({ uses }) => uses !== undefined)).toEqual([])
const hasNoGroup = (): void => {
  expect(gatedFiles.length).toBeGreaterThan(5)
  for (const { concurrency, jobs } of gatedFiles)
    expect([concurrency, ...Object.values(jobs).map((job) => job.concurrency)].filter(Boolean)).toEqual([])
}
const makesItsOwnRecord = (): void => {
  const gated = gatedFiles.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ environment }) => environment ?? []),
  )
  for (const environment of gated) expect(environment).toMatchObject({ deployment: false })
}
const readsTheTriggersOfAPerson = (): void =>
  expect(own.map(({ on }) => Object.keys(on))).toEqual([
    ['workflow_dispatch'],
    ['schedule', 'workflow_dispatch'],
  ])
const usesNoSelfReference = (): void => expect(texts.filter((text) => text.includes('uses: $/'))).toEqual([])

/** A test elsewhere that shows it, by a part of its title. */
const shownBy = (file: string, title: string) => (): void =>
  expect(readFileSync(`test/${file}`, 'utf8')).toContain(title)
const approvals = shownBy(
  'conversations/gates.test.ts',
  'nobody approves, a reviewer refuses, an administrator bypasses',
)
const attempts = shownBy('pipeline/take-lock.test.ts', 'is started again by another attempt of its own run')

/** The compiler refuses a rule without an answer. */
const answers: Readonly<Record<RuleKeptBy<'workflow' | 'runner'>, () => void | Promise<void>>> = {
  'self-hosted-owner-border': deploysInAnyRepository,
  'environment-secrets-owner-border': deploysInAnyRepository,
  'environment-secrets-isolated': deploysInAnyRepository,
  'inherit-owner-border': deploysInAnyRepository,
  'called-secrets-passed': callsNoWorkflow,
  'called-secrets-one-level': callsNoWorkflow,
  'called-secrets-declared': callsNoWorkflow,
  'called-inputs-declared': callsNoWorkflow,
  'called-input-types': callsNoWorkflow,
  'called-permissions-downgraded': callsNoWorkflow,
  'called-levels': callsNoWorkflow,
  'called-50-workflows': callsNoWorkflow,
  'called-variables-of-caller': callsNoWorkflow,
  'environment-variables-cross': callsNoWorkflow,
  'env-stays-in-its-file': () => expect(everyFile.filter(({ env }) => env !== undefined)).toEqual([]),

  'environment-created': shownBy(
    'conversations/gates.test.ts',
    'an environment without reviewers, without itself, misspelt',
  ),
  'environment-ref-policy': () => expect(Object.keys(fields)).not.toContain('ref'),
  'deployment-false-makes-none': makesItsOwnRecord,
  'deployment-false-custom-rule': makesItsOwnRecord,
  'approvals-in-batches': () => {
    for (const { jobs } of gatedFiles) {
      const alone = Object.values(jobs).filter(
        (job) => job.environment !== undefined && job.strategy === undefined,
      )
      expect(alone.length).toBeLessThanOrEqual(1)
    }
  },
  'approval-30-days': approvals,
  'reviewer-must-be-named': approvals,
  'rejection-fails': approvals,
  'self-review-prevented': shownBy(
    'pipeline/dispatch.test.ts',
    'the requester of a schedule does not approve it under not-self',
  ),
  'approval-holds-group': hasNoGroup,

  'form-25-inputs': () => expect(Object.keys(fields).length).toBeLessThanOrEqual(12),
  'form-65535-characters': () => expect(Object.keys(fields)).not.toContain('plan'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
  'form-inputs-known': () => expect(written.get(formPath)).toContain('form: ${{ toJSON(inputs) }}'),
  'form-inputs-required': () =>
    expect(fields).toMatchObject({ environment: { required: true }, do: { required: true } }),
  'form-input-types': () => expect(fields.do).toMatchObject({ type: 'choice' }),
  'form-on-default-branch': () => expect([...written.keys()]).toContain(formPath),
  'schedule-on-default-branch': readsTheTriggersOfAPerson,

  'concurrency-one-pending': hasNoGroup,
  'concurrency-queue-max': hasNoGroup,
  'concurrency-cancels-in-progress': hasNoGroup,
  'concurrency-names-ignore-case': hasNoGroup,

  'parsed-by-github': async () => {
    for (const [path, text] of written) expect(await mistakesIn(path, text)).toEqual([])
  },
  'no-runner-fails': () =>
    expect(new Set(ownJobs.map((job) => JSON.stringify(job['runs-on'])))).toEqual(
      new Set(['["self-hosted","production"]']),
    ),
  'token-has-named-grants': () => {
    for (const { permissions } of own) expect(permissions).toEqual({})
    for (const { permissions } of ownJobs) expect(Object.keys(permissions ?? {})).toContain('contents')
  },
  'absent-secret-is-empty': shownBy(
    'conversations/bad-input.test.ts',
    "'requires-variables': ['DB_PASSWORD']",
  ),
  'masked-outputs-dropped': async () => {
    const { of } = await playedForm({ look: { sha: 'a secret value' }, secret: 'a secret value' })
    expect(of('look')).toBeDefined()
    // The secret is not in the job that looks, so that what it hands on cannot be dropped for it.
    expect(of('checkout')?.with.ref).toBe('a secret value')
    expect(written.get(formPath)).toContain("needs.look.outputs.sha || 'the-commit-did-not-arrive'")
  },
  'job-outputs-1-mb': () => expect(Object.keys(form.jobs.look?.outputs ?? {})).not.toContain('result'),
  'matrix-256-jobs': () =>
    expect(Object.values(form.jobs).filter(({ strategy }) => strategy !== undefined)).toEqual([]),
  'fork-gets-no-secrets': readsTheTriggersOfAPerson,
  'fork-token-reads': readsTheTriggersOfAPerson,
  'failed-job-has-outputs': () => {
    // A look that found a missed schedule is red, and the schedules that are due begin.
    const { begin } = readWorkflow('.github/workflows/dispatch.yml').jobs
    expect(begin?.if).toContain('!cancelled()')
    expect(begin?.if).toContain('needs.look.outputs.due')
  },
  'rerun-keeps-success': attempts,
  'rerun-original-actor': attempts,
  'rerun-50': attempts,
  'post-runs-always': () => {
    for (const name of ['act', 'gate', 'deploy', 'rollback', 'decide']) {
      const text = textOf(`actions/${name}/action.yml`)
      expect(text).toContain('post: ../../dist/index.js')
      expect(text).not.toContain('post-if')
    }
  },

  'input-131071-bytes': shownBy(
    'domain/shown-plan.test.ts',
    'the text has the same length for every plan, and at most 1 KB',
  ),
  'annotations-10-a-step': shownBy(
    'adapters/voice.test.ts',
    'every line is masked, in the log and in annotations',
  ),
  'summary-1-mib': shownBy(
    'report/plan-summary.test.ts',
    'a large fleet is folded, and the page stays far below the limit',
  ),
  'self-reference-needs-2-336': usesNoSelfReference,
  'self-reference-not-on-server': usesNoSelfReference,
  'node24-needs-2-327': () => expect(textOf('README.md')).toContain('2.327.1'),
  'hash-files-of-workspace': async () => {
    const { run } = await playedForm()
    expect(run.jobs.act?.steps.filter((name) => name.includes('rollgate-setup'))).toEqual([])
  },
  'cancel-by-signals': shownBy(
    'conversations/signals.test.ts',
    'a run that is cancelled while it waits for running jobs ends none of them',
  ),
  'node-options-not-by-file': () =>
    expect(sources().filter((text) => text.includes('GITHUB_ENV'))).toEqual([]),
  'commands-stop': shownBy('conversations/transcripts/whole-story.txt', '::stop-commands::'),
  'masks-in-log': shownBy('adapters/voice.test.ts', 'every line is masked'),
}

const sources = (): string[] =>
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'))
    .map((file) => readFileSync(`src/${file}`, 'utf8'))

describe('Rollgate under a rule of GitHub', () => {
  test.each(Object.entries(answers))('%s', async (_rule, answer) => {
    expect.hasAssertions()
    await answer()
  })
})
