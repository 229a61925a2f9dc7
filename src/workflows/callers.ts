import { decisions } from '../domain/question/decision.ts'
import { type CallerForm, callerWorkflow, type FormInput } from './caller.ts'
import type { OwnWorkflow } from './own.ts'
import type { WorkflowFiles } from './own-workflows.ts'

const text = (description: string): FormInput => ({ description, type: 'string', default: '' })
const needed = (description: string): FormInput => ({ description, type: 'string', required: true })
const flag = (description: string): FormInput => ({ description, type: 'boolean', default: false })

const environment: FormInput = { description: 'The environment', type: 'environment', required: true }

/** Fields for what a person knows better than GitHub. */
const lock = {
  'run-is-over': text(
    'The ID of the run that holds the lock. Only for a run that surely ended and that GitHub does not show',
  ),
  ledger: text('new or moved, if the last run ended with ledger-elsewhere and asked for it'),
}
const override = { 'override-freeze': text('The reason for overriding a freeze, if you may') }
const confirm = { confirm: text('The name of the environment, if the plan is destructive') }

const forms: readonly CallerForm[] = [
  {
    workflow: 'deploy',
    name: 'Deploy',
    purpose: 'The button that deploys a tag.',
    inputs: { environment, release: needed('The tag to deploy'), ...confirm, ...override, ...lock },
  },
  {
    workflow: 'rollback',
    name: 'Roll back',
    purpose:
      'The button that takes an environment back. The plan says if that is safe; an unsafe one is refused.',
    inputs: {
      environment,
      release: text(
        'The tag to go back to; empty for the release that served before. The workflow Releases shows which tags are safe; an unsafe one is refused',
      ),
      'acknowledge-data-loss': flag(
        'Allow an unsafe rollback (a contract migration, or failed checks): the database was restored, or new data may be lost',
      ),
      ...override,
      ...lock,
    },
  },
  {
    workflow: 'restart',
    name: 'Restart',
    purpose: 'The button that restarts the serving release.',
    inputs: {
      environment,
      services: text('The services, separated by spaces; empty for all'),
      ...override,
      ...lock,
    },
  },
  {
    workflow: 'task',
    name: 'Run a task',
    purpose: 'The form that runs a task of the serving release.',
    inputs: { environment, task: needed('The task'), ...confirm, ...override, ...lock },
  },
  {
    workflow: 'decide',
    name: 'Decide',
    purpose:
      'The form that answers the open question of a deployment. Keep the name of the file: messages of Rollgate link to it.',
    inputs: {
      environment,
      pause: needed('The question, like 7.1; the run that stopped shows it'),
      decision: { description: 'Your answer', type: 'choice', required: true, options: decisions },
      instances: text('The instances; empty for all instances of the question'),
      reason: text('The reason'),
      ...override,
      ...lock,
    },
  },
  {
    workflow: 'block',
    name: 'Block',
    purpose: 'Keeps a bad release away, or lets it come again.',
    inputs: {
      release: text('The tag; or a commit below'),
      commit: text('The commit, to block every release that has it'),
      'fixed-by': text('The commit that fixes it'),
      reason: needed('The reason'),
      environment: text('The environment; empty for all'),
      unblock: flag('Remove the block'),
      ...lock,
    },
  },
  {
    workflow: 'schedule',
    name: 'Schedule',
    purpose: 'Picks the time of a deployment, or takes it back.',
    inputs: {
      environment,
      release: text('The tag to deploy, or latest; empty to withdraw'),
      at: text('The local time, like 2026-12-01T09:00; empty to withdraw'),
      timezone: {
        description: 'The time zone',
        type: 'choice',
        options: ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'],
      },
      withdraw: text('The schedule to withdraw, like s3'),
      reason: needed('The reason'),
      ...lock,
    },
  },
  {
    workflow: 'releases',
    name: 'Releases',
    purpose: 'Shows the releases, and where an environment may go back to.',
    inputs: {
      environment: text(
        'The environment to deploy or to go back in, to see which releases are safe. Empty for all environments',
      ),
    },
  },
  { workflow: 'status', name: 'Status', purpose: 'One look at all environments.', inputs: {} },
  {
    workflow: 'rehearse',
    name: 'Rehearse',
    purpose: 'Tries out the way back, in staging.',
    inputs: { release: text('The tag to go back to; empty for the release that served before') },
    given: { environment: 'staging' },
  },
  {
    workflow: 'dispatch',
    name: 'Dispatch',
    purpose: 'Begins what is scheduled, and says what was missed.',
    cron: '*/5 * * * *',
    inputs: lock,
  },
  {
    workflow: 'watch',
    name: 'Watch',
    purpose: 'Cleans up after runs that died and ends expired waits.',
    cron: '*/10 * * * *',
    inputs: lock,
  },
  {
    workflow: 'reconcile',
    file: 'drift',
    name: 'Drift',
    purpose: 'Says once an hour if every instance serves what it should.',
    cron: '17 * * * *',
    inputs: { converge: flag('Bring differing instances back to the serving release'), ...lock },
    given: { environment: 'production', 'fail-on-drift': 'true' },
  },
  {
    workflow: 'deploy',
    file: 'staging',
    name: 'Staging',
    purpose: 'Each new release goes to staging by itself. Production has its own button, and approvers.',
    tags: 'v*',
    inputs: {},
    given: { environment: 'staging' },
  },
]

/** Returns callers of the reusable workflows, for repositories of one owner and for hosted runners. */
export const callerWorkflows = (own: OwnWorkflow): WorkflowFiles =>
  new Map(
    forms.map((form) => [
      `.github/workflows/rollgate-${form.file ?? form.workflow}.yml`,
      callerWorkflow(own, form),
    ]),
  )
