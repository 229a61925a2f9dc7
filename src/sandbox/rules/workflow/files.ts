import type { RulesTable } from '../rule.ts'

/** The rules of what a workflow file may say, and of the code that it names. */
export const fileRules = {
  'calling-job-keys': {
    rule: 'A job that calls a workflow has neither `environment` nor `runs-on`, `env`, `steps` or `timeout-minutes`.',
    source: 'github/docs, reusing workflow configurations',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: "It is the parser's to refuse, under `parsed-by-github`." },
  },
  'environment-contexts': {
    rule: 'The name of an environment may use `github`, `needs`, `strategy`, `matrix`, `vars` and `inputs`, and no secret; `deployment` may be an expression.',
    source: 'github/docs, section-using-environments-for-jobs.md @058fa63b; contexts',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: "It is the parser's to refuse, under `parsed-by-github`." },
  },
  'environment-url-at-end': {
    rule: 'The URL of an environment is evaluated at the end of the job, so that it may name an output of a step.',
    source: 'github/docs, contexts',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No workflow of Rollgate gives a URL: the record names it.' },
  },
  'self-reference-path': {
    rule: '`uses: $/…` names a folder and no version: an empty path and an `@` are refused.',
    source: 'GitHub changelog; actions/runner dde968bf5',
    date: '2026-07-30',
    grounds: 'documented',
    kept: { notModelled: 'The workflows of Rollgate are held to it by a test of their texts.' },
  },
  'self-reference-own-repository': {
    rule: '`uses: $/…` means the repository of the file that it stands in, at the commit that runs, also in a called workflow.',
    source: 'GitHub changelog; actions/runner, ActionManager.cs',
    date: '2026-07-30',
    grounds: 'documented',
    kept: { notModelled: "The sandbox has one version of Rollgate's workflows and actions." },
  },
  'timeout-6-hours': {
    rule: 'A job ends after 360 minutes unless it says otherwise, and a step says at most 360.',
    source: 'github/docs, usage limits',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No story lasts for hours.' },
  },
  'matrix-of-calls-outputs': {
    rule: 'A called workflow in a matrix hands on the output of the last run that succeeded and set it.',
    source: 'github/docs, reusing workflows',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No workflow of Rollgate calls another in a matrix.' },
  },
  'group-before-approval': {
    rule: 'The concurrency group of a job is taken before its approval is asked.',
    source: 'hypothesis/lms#4533',
    date: '2022-10-20',
    grounds: 'reported',
    kept: { notModelled: 'No gated job of Rollgate has a group, which a test holds.' },
  },
  'schedule-timezone': {
    rule: 'A schedule may name a time zone.',
    source: 'github/docs, events that trigger workflows',
    date: '2026-03',
    grounds: 'documented',
    kept: { notModelled: 'The clock of Rollgate comes every few minutes in every zone.' },
  },
  'pull-request-target-default-branch': {
    rule: '`pull_request_target` runs the file of the default branch, with its ref and commit.',
    source: 'GitHub changelog',
    date: '2025-11-07',
    grounds: 'documented',
    kept: { notModelled: 'No workflow of Rollgate is started by that event.' },
  },
  'steps-side-by-side': {
    rule: 'Steps may run in the background, in parallel, and wait for each other.',
    source: 'GitHub changelog',
    date: '2026-06',
    grounds: 'documented',
    kept: { notModelled: 'No workflow of Rollgate does so: its steps depend on each other.' },
  },
  'actions-pinned-by-policy': {
    rule: 'A repository, an organisation or an enterprise may refuse actions that are not pinned by a full SHA; `$/` counts as pinned.',
    source: 'GitHub changelog',
    date: '2025-08-15',
    grounds: 'documented',
    kept: {
      notModelled:
        'The sandbox has no such setting. A version given to `init` may be a SHA, and foreign actions have one.',
    },
  },
  'actions-lock-file': {
    rule: 'A lock file of workflows records the actions that their actions use, on Enterprise Cloud, in preview.',
    source: 'GitHub changelog',
    date: '2026-10-14',
    grounds: 'documented',
    kept: { notModelled: 'An action of Rollgate uses no other action.' },
  },
  'artifacts-of-a-run': {
    rule: 'An artifact of a run cannot change, and its name is used once; a run has at most 500.',
    source: 'README of actions/upload-artifact',
    date: '2026-02-25',
    grounds: 'documented',
    kept: { notModelled: 'A release may be made of an artifact of its own run; Rollgate keeps none.' },
  },
} as const satisfies RulesTable
