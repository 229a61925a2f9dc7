import { expr, scalar, step, textOfLines, type YamlLines } from './lines.ts'
import { action, labels, type OwnWorkflow, place } from './own.ts'
import {
  checkout,
  environment,
  lockedByTheLedger,
  permissions,
  rollgateEnv,
  setUp,
  startingNext,
} from './parts.ts'

/** Every ten minutes, and not at the full hour: GitHub drops runs of busy minutes. */
const everyTenMinutes = '3-59/10 * * * *'

/**
 * The clock, `.github/workflows/rollgate-watch.yml`. It starts due schedules in a gated job of its own: a
 * schedule is handed to its run, which is asked for approval. Only what follows on a proven release is a run of its own.
 */
export const clockWorkflow = (own: OwnWorkflow): string =>
  textOfLines([
    `# Written by \`rollgate init\` for ${own.version}; \`rollgate init --upgrade\` brings it up to date.`,
    'name: Rollgate watch',
    '',
    lockedByTheLedger,
    ['schedule:', [`- cron: ${scalar(own.cron ?? everyTenMinutes)}`], 'workflow_dispatch: {}'],
    '',
    'permissions: {}',
    '',
    'jobs:',
    lookJob(own),
    [''],
    watchJob(own),
    [''],
    beginJob(own),
  ])

const lookJob = (own: OwnWorkflow): YamlLines => [
  '# Ends expired waits, and closes what dead runs left. Most of the time this is all that runs.',
  'look:',
  [
    'name: Look',
    `runs-on: ${labels(own)}`,
    'timeout-minutes: 10',
    ...permissions(without(startingNext, 'id-token')),
    'outputs:',
    [`watch: ${expr('steps.watch.outputs.due')}`, `begin: ${expr('steps.dispatch.outputs.due')}`],
    'steps:',
    [
      ...step('id: watch', action(own, 'watch'), ...givenPlace(own)),
      '# A watch that calls a person is red, and must not keep back a schedule.',
      ...step('id: dispatch', `if: ${expr('!cancelled()')}`, action(own, 'dispatch'), ...givenPlace(own)),
    ],
  ],
]

const watchJob = (own: OwnWorkflow): YamlLines => [
  '# Work that needs commands of a release. No reviewer is asked: the environment is one of its own.',
  'watch:',
  [
    `name: watch ${expr('matrix.environment')}`,
    'needs: look',
    `if: ${expr("!cancelled() && startsWith(needs.look.outputs.watch, '[{')")}`,
    ...each('watch'),
    `runs-on: ${labels(own)}`,
    ...environment(`${expr('matrix.environment')}-watch`),
    ...permissions(startingNext),
    'steps:',
    [
      ...checkout(expr('matrix.sha'), ''),
      ...setUp(''),
      ...step(
        action(own, 'watch'),
        'with:',
        [`environment: ${expr('matrix.environment')}`, ...place(own)],
        rollgateEnv,
      ),
    ],
  ],
]

const go = "steps.gate.outputs.go == 'true'"
const theSchedule = (own: OwnWorkflow): YamlLines => [
  `environment: ${expr('matrix.environment')}`,
  `release: ${expr('matrix.release')}`,
  `schedule: ${expr('matrix.schedule')}`,
  ...place(own),
]

const beginJob = (own: OwnWorkflow): YamlLines => [
  '# Starts due schedules, each behind the gate of its environment.',
  'begin:',
  [
    `name: ${expr('matrix.schedule')}, ${expr('matrix.release')} (${expr('matrix.environment')})`,
    'needs: look',
    `if: ${expr("!cancelled() && startsWith(needs.look.outputs.begin, '[{')")}`,
    ...each('begin'),
    `runs-on: ${labels(own)}`,
    ...environment(expr('matrix.environment')),
    ...permissions(startingNext),
    'steps:',
    [
      ...step('id: gate', action(own, 'gate'), 'with:', theSchedule(own)),
      ...checkout(expr('matrix.sha'), go),
      ...setUp(go),
      ...step(`if: ${go}`, action(own, 'deploy'), 'with:', theSchedule(own), rollgateEnv),
    ],
  ],
]

const each = (output: string): YamlLines => [
  `strategy: { fail-fast: false, matrix: { include: '${expr(`fromJSON(needs.look.outputs.${output})`)}' } }`,
]

const givenPlace = (own: OwnWorkflow): YamlLines => (place(own).length === 0 ? [] : ['with:', place(own)])

const without = (granted: Readonly<Record<string, string>>, scope: string) =>
  Object.fromEntries(Object.entries(granted).filter(([name]) => name !== scope))
