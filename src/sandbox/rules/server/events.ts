import type { RulesTable } from '../rule.ts'
import { documented, inferred, left, reported } from './row.ts'

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
  'dispatch-on-branch-or-tag': inferred(
    'A workflow is dispatched on a branch or a tag; a SHA is refused with 422.',
    `${dispatch}, which names branches and tags, and no status for others`,
    read,
  ),
  'dispatch-file-on-default-branch': inferred(
    'Only a workflow whose file is on the default branch can be dispatched; another is not found.',
    `${events}, which says so of the event and names no status`,
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
  'dispatch-inputs-length': inferred(
    'The inputs of a dispatch have at most 65,535 characters; more are refused with 422.',
    `${events}, which has the number, and no status`,
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
  'event-filters': left(
    'documented',
    '`branches`, `tags` and `paths` of an event, and their `-ignore` forms, start a workflow only where a pattern fits.',
    'docs: workflow syntax for GitHub Actions',
    read,
    "The server starts each workflow that names the event. No workflow of Rollgate's waits for an event that Rollgate causes, which a test holds.",
  ),
  'event-types': left(
    'documented',
    '`types` of an event choose its activities: a `release` of the type `published` starts no workflow for a draft.',
    events,
    read,
    'The server names no activities: a published release and a status of a Deployment are the ones that it announces.',
  ),
  'event-of-tag-reads-its-file': left(
    'documented',
    'A push starts the workflow files of the pushed commit; `release` and `deployment` those of the commit of their tag or ref.',
    events,
    read,
    'The server reads the files of the default branch for every event other than a push.',
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
