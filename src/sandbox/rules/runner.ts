import type { RulesTable } from './rule.ts'

/** The rules of the machine that runs the steps of one job. */
export const runnerRules = {
  'input-131071-bytes': {
    rule: 'A variable of a process, `INPUT_…=` with its value, has at most 131,071 bytes; with a longer one the step cannot be started.',
    source: 'github/accessibility-scanner#222; Linux, MAX_ARG_STRLEN',
    date: '2026-06',
    grounds: 'reported',
    kept: 'runner',
  },
  'annotations-10-a-step': {
    rule: 'A step has at most ten annotations of a type, each of at most 4,096 characters.',
    source: 'actions/runner, ExecutionContext.cs',
    date: '2026-08-17',
    grounds: 'documented',
    kept: 'runner',
  },
  'summary-1-mib': {
    rule: "A step's summary of more than 1 MiB is not shown; the step gets an error annotation and does not fail.",
    source: 'actions/runner, AttachmentSizeLimit',
    date: '2026-08-17',
    grounds: 'documented',
    kept: 'runner',
  },
  'self-reference-needs-2-336': {
    rule: '`uses: $/…` needs a runner of version 2.336.0.',
    source: 'GitHub changelog',
    date: '2026-07-30',
    grounds: 'documented',
    kept: 'runner',
  },
  'self-reference-not-on-server': {
    rule: '`uses: $/…` is not available on GitHub Enterprise Server.',
    source: 'GitHub changelog',
    date: '2026-07-30',
    grounds: 'documented',
    kept: 'runner',
  },
  'node24-needs-2-327': {
    rule: 'An action on node24 needs a runner of version 2.327.1.',
    source: 'README of actions/upload-artifact v6',
    date: '2026-06-16',
    grounds: 'documented',
    kept: 'runner',
  },
  'cancel-5-minutes': {
    rule: 'Five minutes after a cancellation the job ends, whatever still runs.',
    source: 'github/docs, workflow cancellation at 159bd1b0',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No step lives for minutes after its signals.' },
  },
  'lost-runner-runs-nothing': {
    rule: 'A runner that is lost runs nothing more, no `post` either.',
    source: 'actions/runner, JobRunner.cs',
    date: '2026-08-17',
    grounds: 'documented',
    kept: { notModelled: 'The stories of killed runs leave out `post`, step by step.' },
  },
  'summary-20-a-job': {
    rule: 'A job shows the summaries of 20 steps.',
    source: 'github/docs, workflow commands',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No job of Rollgate has 20 steps.' },
  },
  'local-pre-unsupported': {
    rule: '`pre` of an action in the workspace does not run.',
    source: 'github/docs, metadata syntax',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No action of Rollgate has a `pre`.' },
  },
  'composite-10-levels': {
    rule: 'Composite actions are nested in at most ten levels.',
    source: 'actions/runner, ActionManager.cs',
    date: '2026-08-17',
    grounds: 'documented',
    kept: { notModelled: 'No action of Rollgate is composite.' },
  },
} as const satisfies RulesTable
