import type { RulesTable } from '../rule.ts'
import { documented, left, reported } from './row.ts'

const dispatch = 'OpenAPI description 23.0.2, actions/create-workflow-dispatch'
const repositoryDispatch = 'OpenAPI description 23.0.2, repos/create-dispatch-event'
const events = 'docs: events that trigger workflows'
const trigger = 'docs: data/reusables/actions/actions-do-not-trigger-workflows.md @33c83fe1'
const read = '2026-10'

/** Dispatches, and the workflows that an event starts. */
export const eventRules = {
  'workflow-token-starts-no-workflow': documented(
    'An event caused with the token of a workflow starts no workflow, except `workflow_dispatch` and `repository_dispatch`.',
    trigger,
    read,
  ),
  'inactive-starts-no-workflow': documented(
    'A deployment status `inactive` starts no workflow.',
    events,
    read,
  ),
  'dispatch-on-branch-or-tag': documented(
    'A workflow is dispatched on a branch or a tag; a SHA is refused with 422.',
    dispatch,
    read,
  ),
  'dispatch-file-on-default-branch': documented(
    'Only a workflow whose file is on the default branch can be dispatched; another is not found.',
    events,
    read,
  ),
  'dispatch-runs-file-of-ref': documented(
    'The file at the dispatched branch or tag is the one that runs: without `workflow_dispatch` there it is refused with 422.',
    `${events}; elastic/terraform-provider-elasticstack#1829`,
    '2026-03-05',
  ),
  'dispatch-known-inputs': reported(
    'An input that the workflow does not declare is refused with 422.',
    'convictional/trigger-workflow-and-wait#53',
    '2022-07-27',
  ),
  'dispatch-inputs-at-most-25': documented('A dispatch has at most 25 inputs.', dispatch, read),
  'dispatch-inputs-length': documented(
    'The inputs of a dispatch have at most 65,535 characters.',
    events,
    read,
  ),
  'dispatch-run-details': documented(
    'With `return_run_details` a dispatch answers with the run that it started; otherwise with nothing.',
    'changelog of 2026-02-19',
    '2026-02-19',
  ),
  'repository-dispatch-payload': documented(
    'A repository dispatch has a type of at most 100 characters and at most 10 properties.',
    repositoryDispatch,
    read,
  ),
  'repository-dispatch-length': documented(
    'The payload of a repository dispatch has at most 65,535 characters.',
    `${repositoryDispatch}; ${events}`,
    read,
  ),
  'chained-runs': left(
    'documented',
    'At most three workflows are chained by `workflow_run`.',
    events,
    read,
    'The sandbox starts no workflow at the end of another; Rollgate does not use that event.',
  ),
  'webhooks-of-the-workflow-token': left(
    'documented',
    'Events caused with the token of a workflow still reach webhooks and Apps outside.',
    trigger,
    read,
    'The sandbox sends no webhooks.',
  ),
} as const satisfies RulesTable
