import type { RulesTable } from '../rule.ts'

/** The rules of concurrency groups. */
export const concurrencyRules = {
  'concurrency-one-pending': {
    rule: 'A concurrency group has one pending member: a newer one cancels it, also without `cancel-in-progress`.',
    source: 'github/docs, control workflow concurrency',
    date: '2026-05-07',
    grounds: 'documented',
    kept: 'workflow',
  },
  'concurrency-queue-max': {
    rule: 'With `queue: max` up to 100 members wait in order, and a further one is cancelled.',
    source: 'GitHub changelog',
    date: '2026-05-07',
    grounds: 'documented',
    kept: 'workflow',
  },
  'concurrency-cancels-in-progress': {
    rule: 'With `cancel-in-progress` a newer member cancels the running one.',
    source: 'github/docs, control workflow concurrency',
    date: '2026-05-07',
    grounds: 'documented',
    kept: 'workflow',
  },
  'concurrency-names-ignore-case': {
    rule: 'Names of concurrency groups are case-insensitive and shared by all workflows of the repository.',
    source: 'github/docs, control workflow concurrency',
    date: '2026-05-07',
    grounds: 'documented',
    kept: 'workflow',
  },
  'queue-max-excludes-cancel': {
    rule: '`queue: max` with `cancel-in-progress: true` is a mistake in the file.',
    source: 'GitHub changelog',
    date: '2026-05-07',
    grounds: 'documented',
    kept: { notModelled: "It is the parser's to refuse, under `parsed-by-github`." },
  },
  'group-of-caller-and-called': {
    rule: 'A called workflow with the group of its caller and `cancel-in-progress` cancels itself.',
    source: 'github/docs, reusing workflow configurations',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: 'No workflow of Rollgate has a group, which a test holds.' },
  },
} as const satisfies RulesTable
