import { describe, expect, test } from 'vitest'
import { readPolicy, readRecipe } from '../../src/inputs/config/read.ts'
import { findingsOf, source } from './config.fixture.ts'

/** A rule by name, the text that breaks it, and every finding that must follow. */
type Row = readonly [rule: string, text: string, ...findings: string[]]

const phase =
  'say whether the release before still works on the migrated database (`expand`) or not (`contract`), for that decides whether a rollback is safe'
const letters = 'use letters, digits, `.`, `_` and `-`, and begin with a letter or digit'
const topLevel =
  '`version`, `app`, `release`, `environments`, `steps`, `services`, `requires-variables`, `vars`, `tasks`'
const addInstances = 'services.web: has no instances in production: add environments.production.services.web'
const noInstances = `${addInstances}.fleet.local.instances`
const units = 'write whole numbers with d, h, m, s or ms, as in 1h30m'
const shells = 'expected `bash`, `sh` or a template that holds {0}, like `python3 {0}`, found the text `zsh`'
const syntax =
  'not valid YAML here: look for a missing `:`, quote or bracket, and quote a value that holds { } [ ] , # or a colon before a space'
const nest = (times: number) => `${'['.repeat(times)}${']'.repeat(times)}`

describe('the file itself', () => {
  const rows: Row[] = [
    ['is not empty', '', '1:1  the file is empty: begin it with `version: 1`'],
    ['is more than comments', '# soon\n', '1:1  the file is empty: begin it with `version: 1`'],
    [
      'is a mapping',
      '[1, 2]',
      '1:1  expected a mapping that begins with `version: 1`, found the list `[1,2]`',
    ],
    ['is no text', 'hello', '1:1  expected a mapping that begins with `version: 1`, found the text `hello`'],
    [
      'has a version',
      'app: shop\n',
      '1:1  `version` is missing: begin the file with `version: 1`, which is what this Rollgate reads',
    ],
    [
      'of another version is only told so',
      'version: 2\nstages: {}\n',
      '1:10  version: this Rollgate reads version 1, found the number 2',
    ],
    [
      'has a number as version',
      'version: "1"\n',
      '1:10  version: this Rollgate reads version 1, found the text `1`: remove the quotation marks',
    ],
    [
      'says nothing twice',
      'version: 1\nversion: 1\n',
      '2:1  the key `version` is written twice: keep one of them',
    ],
    [
      'says nothing twice further down',
      'version: 1\nenvironments: { a: { class: staging, class: sandbox } }\n',
      '2:38  the key `class` is written twice: keep one of them',
    ],
    [
      'holds no tabs',
      'version: 1\nsteps:\n\tbuild: x\n',
      '3:1  a tab stands where YAML wants spaces: indent with spaces',
    ],
    [
      'closes its brackets',
      'version: 1\nsteps: { build: x\n',
      '2:8  the bracket { that opens here is not closed: close it, or put the value in quotes',
    ],
    [
      'closes its quotes',
      'version: 1\napp: "shop\n',
      '2:6  the quotation mark " that opens here is not closed on its line: close it',
    ],
    [
      'quotes what YAML would take for its own',
      `version: 1\nsteps: { build: "x", pre-deploy: echo $\{HOME} }\n`,
      `2:40  ${syntax}`,
    ],
    [
      'has keys on lines of their own',
      'version: 1\n app: x\n',
      '2:1  this line is indented deeper than the line above it, which has a value of its own: indent both alike',
    ],
    [
      'quotes reserved characters',
      'version: 1\napp: @shop\n',
      '2:6  a value cannot begin with `@`: put it in quotes',
    ],
    [
      'escapes nothing by accident',
      'version: 1\napp: "\\q"\n',
      '2:7  not valid YAML: in double quotes a backslash begins an escape; use single quotes',
    ],
    [
      'is one document',
      'version: 1\n---\nversion: 1\n',
      '2:1  a second document begins here: a config is one document, without `---` in its middle',
    ],
    [
      'has an anchor for each alias',
      'version: 1\nrelease: { base-version: *base }\n',
      '2:26  release.base-version: the alias `*base` names no anchor above it',
    ],
    [
      'uses no tags',
      'version: 1\napp: !secret x\n',
      '2:6  the tag `!secret` has no meaning here: write plain text, numbers, true or false',
    ],
    ['has text as keys', 'version: 1\n? [a]\n: x\n', '2:3  a key must be plain text'],
    [
      'writes numbers as they are read',
      'version: 1\nrelease: { base-version: 2026.10 }\n',
      '2:26  release.base-version: `2026.10` would be read as the number 2026.1: write that, or put it in quotes',
    ],
    [
      'holds no NUL',
      'version: 1\nsteps: { pre-deploy: "a\\0b" }\n',
      '2:22  steps.pre-deploy: holds a NUL character',
    ],
    [
      'is no bomb of aliases',
      `version: 1\na: &a ${JSON.stringify(Array(100).fill(0))}\nb: &b [${Array(100).fill('*a')}]\nc: [${Array(100).fill('*b')}]\n`,
      '1:1  the file says more than 50000 things once its aliases are followed, too many for a config',
    ],
    [
      'has no alias in itself',
      'version: 1\nsteps: &a [*a]\n',
      '2:11  steps: expected a mapping of steps, found the list `[[null]]`',
      '2:12  steps[0][0]: the alias `*a` stands inside of what it names: write it out',
    ],
    [
      'is not nested without end',
      `version: 1\nsteps: ${nest(20_000)}\n`,
      expect.stringMatching(/^2:\d+ {2}the file is nested too deeply$/) as string,
    ],
    [
      'is no longer than any config',
      `version: 1\n${'# more\n'.repeat(80_000)}`,
      '1:1  the text is longer than 512 KiB',
    ],
    [
      'knows its keys',
      'version: 1\nstep: {}\nxyzzyxyzzy: {}\n',
      '2:1  unknown key `step`; did you mean `steps`?',
      `3:1  unknown key \`xyzzyxyzzy\`; known here: ${topLevel}`,
    ],
    [
      'takes no key from an object',
      'version: 1\n__proto__: 1\nconstructor: 2\n',
      `2:1  unknown key \`__proto__\`; known here: ${topLevel}`,
      `3:1  unknown key \`constructor\`; known here: ${topLevel}`,
    ],
    [
      'cannot speak to the runner',
      'version: 1\n"a\\n::error::b": 1\n',
      `2:1  unknown key \`a�::error::b\`; known here: ${topLevel}`,
    ],
    [
      'may have the line ends of Windows',
      'version: 1\r\nstep: 1\r\n',
      '2:1  unknown key `step`; did you mean `steps`?',
    ],
    [
      'may begin with a byte order mark',
      '\uFEFFversion: 1\nstep: 1\n',
      '2:1  unknown key `step`; did you mean `steps`?',
    ],
  ]

  test.each(rows)('%s', (_rule, text, ...findings) => {
    const policy = source('version: 1\nenvironments: { production: { class: production } }')
    expect(findingsOf(() => readRecipe(source(text), { source: policy, environment: 'production' }))).toEqual(
      findings,
    )
  })
})

describe('a recipe', () => {
  const step = (value: string) => `steps: { pre-deploy: ${value} }`
  const web = (rest: string) => `services:\n  web:\n    fleet: { local: { instances: [web-1] } }\n    ${rest}`
  const instances = (value: string) => `services: { web: { fleet: { local: { instances: ${value} } } } }`
  const timeout = (value: string, words: string): Row => [
    `has a duration, and not ${value}`,
    step(`{ run: x, timeout: ${value} }`),
    `2:41  steps.pre-deploy.timeout: ${words}`,
  ]
  const folder = (value: string): Row => [
    `stays in the checkout, and not in ${value}`,
    step(`{ run: x, working-directory: ${value} }`),
    `2:51  steps.pre-deploy.working-directory: expected a relative path that stays in the checkout, found ${value === '""' ? 'an empty text' : `the text \`${value}\``}`,
  ]
  const parallel = (value: string, words: string): Row => [
    `has a count, and not ${value}`,
    web(`rollout: { max-parallel: ${value} }`),
    `5:30  services.web.rollout.max-parallel: ${words}`,
  ]

  const rows: Row[] = [
    [
      'says what phase a migration is of',
      'steps:\n  migrate: { run: x }',
      `3:3  steps.migrate: \`phase\` is missing: expected \`expand\`, \`contract\`, or a mapping with \`run\`: ${phase}`,
    ],
    [
      'knows the phases',
      'steps:\n  migrate: { run: x, phase: shrink }',
      `3:29  steps.migrate.phase: expected \`expand\`, \`contract\`, or a mapping with \`run\`, found the text \`shrink\`: ${phase}`,
    ],
    [
      'has no migration on one line',
      'steps: { migrate: bin/migrate }',
      '2:19  steps.migrate: expected a mapping with `run` and `phase`, or with `start`, `complete` and `rollback`, found the text `bin/migrate`',
    ],
    [
      'has no smoke test that names no environment MM-15',
      'steps: { verify: { http: "https://shop.example.com/health?v=$ROLLGATE_RELEASE" } }',
      '2:26  steps.verify.http: names no environment, so every environment would ask the same front door: write `$ROLLGATE_URL/…` for the `url` of the environment, or use `$ROLLGATE_ENVIRONMENT`',
    ],
    [
      'verifies something',
      'steps: { verify: { attempts: 2 } }',
      '2:10  steps.verify: asks nothing: add `http`, `run` or `bake`',
    ],
    [
      'has no bake that could never be judged',
      'steps: { verify: { bake: 10m } }',
      '2:26  steps.verify.bake: could never be judged: the clock looks every few minutes at best. Add `figures` that print a series, or keep the run with `{ for: …, on: run }`',
    ],
    [
      'has a duration that cannot be read: it is not said to be too long as well',
      'steps: { verify: { bake: { for: 10 minutes, on: run } } }',
      '2:33  steps.verify.bake.for: expected a duration like 90s, found the text `10 minutes`: write whole numbers with d, h, m, s or ms, as in 1h30m',
    ],
    [
      'has no address: it is not said to name no environment as well',
      'steps: { verify: { http: shop.example.com/health } }',
      '2:26  steps.verify.http: expected an address that begins with http:// or https://, with a number or a variable as its port, without spaces, found the text `shop.example.com/health`',
    ],
    [
      'keeps no run for longer than a job may take',
      'steps: { verify: { bake: { for: 6h, on: run } } }',
      '2:20  steps.verify.bake: keeps the run for more than 5 hours, and a job of GitHub ends after 6: let the clock carry it',
    ],
    [
      'has no figures without a limit',
      'steps: { verify: { bake: 1m, figures: { run: bin/figures } } }',
      '2:10  steps.verify: belongs to `figures`: neither decides anything without the other',
    ],
    [
      'asks no figures of all environments alike',
      'steps: { verify: { bake: 1m, at-most: { errors: 1 }, figures: { http: "http://prometheus/q" } } }',
      '2:71  steps.verify.figures.http: names no environment, so the figures of one would judge another: use `$ROLLGATE_ENVIRONMENT` or `$ROLLGATE_URL`',
    ],
    [
      'has no shell for an address',
      'steps: { verify: { http: $ROLLGATE_URL, shell: sh } }',
      '2:48  steps.verify.shell: belongs to `run`: add the command, or remove it',
    ],
    [
      'has a command in each step',
      step('{ timeout: 1m }'),
      '2:10  steps.pre-deploy: `run` is missing: expected a command',
    ],
    [
      'has commands that say something',
      step('{ run: " " }'),
      '2:29  steps.pre-deploy.run: expected a command, found an empty text',
    ],
    [
      'has steps that say something',
      'steps:\n  pre-deploy:\n',
      '3:3  steps.pre-deploy: expected a command, or a mapping with `run`, found nothing',
    ],
    ['has a mapping of steps', 'steps:\n', '2:1  steps: expected a mapping of steps, found nothing'],
    [
      'knows its steps',
      'steps: { pre-deply: x }',
      '2:10  steps: unknown key `pre-deply`; did you mean `pre-deploy`?',
    ],
    [
      'resumes what it suspends',
      'steps: { scheduler: { suspend: a } }',
      '2:10  steps.scheduler: `resume` is missing: expected a command, or a mapping with `run`; or name the `engine` that has the scheduler',
    ],
    [
      'has the scheduler of an engine on Kubernetes',
      'services: { web: { fleet: { local: { instances: [w] }, stop: a, start: b }, rollout: { accept-downtime: true } } }\nsteps: { scheduler: { engine: web } }',
      '3:31  steps.scheduler.engine: `web` is not on Kubernetes: another scheduler is suspended by commands, in `suspend`, `running` and `resume`',
    ],
    [
      'has no commands beside the engine of a scheduler',
      'services: { web: { engine: { kubernetes: { deployment: w, namespace: n, image: i } } } }\nsteps: { scheduler: { engine: web, running: jobs } }',
      '3:45  steps.scheduler.running: is not for a scheduler of an `engine`: Rollgate does that itself',
    ],
    [
      'names the engine of its CronJobs',
      'steps: { scheduler: { suspend: a, resume: b, cron-jobs: [hourly] } }',
      '2:57  steps.scheduler.cron-jobs: needs the `engine` that has them: the name of a service',
    ],
    [
      'has a command to kill jobs with',
      'steps: { scheduler: { suspend: a, resume: b, on-timeout: kill } }',
      '2:58  steps.scheduler.on-timeout: `kill` needs a command that ends the running jobs: add `steps.scheduler.kill`',
    ],
    [
      'leaves time for the readings that it asks for',
      'steps: { scheduler: { suspend: a, resume: b, drain-timeout: 2s } }',
      '2:61  steps.scheduler.drain-timeout: is over before `zero-readings` readings, `interval` apart, could all be made',
    ],
    [
      'has a lease that outlasts the wait for jobs',
      'steps: { scheduler: { suspend: a, resume: b, lease: 10m } }',
      '2:53  steps.scheduler.lease: must be longer than `drain-timeout`: while it waits for jobs no other run may end the suspension',
    ],
    [
      'reads the jobs once at least',
      'steps: { scheduler: { suspend: a, resume: b, zero-readings: 0 } }',
      '2:61  steps.scheduler.zero-readings: expected a whole number, 1 or more, found the number 0',
    ],
    [
      'reads the jobs in whole numbers',
      'steps: { scheduler: { suspend: a, resume: b, zero-readings: 1.5 } }',
      '2:61  steps.scheduler.zero-readings: expected a whole number, 1 or more, found the number 1.5',
    ],
    timeout('90', 'expected a duration like 90s, found the number 90: write a unit, like 90s'),
    timeout('"90"', 'expected a duration like 90s, found the text `90`: write a unit, like 90s'),
    timeout('[90s]', 'expected a duration like 90s, found the list `["90s"]`'),
    timeout('1.5h', `expected a duration like 90s, found the text \`1.5h\`: ${units}`),
    timeout('90 s', `expected a duration like 90s, found the text \`90 s\`: ${units}`),
    timeout('30m1h', `expected a duration like 90s, found the text \`30m1h\`: ${units}`),
    timeout('0s', 'must be longer than nothing'),
    timeout('25d', 'is longer than the 24 days that a run can wait'),
    folder('/tmp'),
    folder('../x'),
    folder('a/../../b'),
    folder('~/x'),
    folder('C:\\x'),
    folder('""'),
    [
      'stays in the checkout, whatever line the way out is on',
      step('{ run: x, working-directory: "a\\n/../../x" }'),
      '2:51  steps.pre-deploy.working-directory: expected a relative path that stays in the checkout, found the text `a�/../../x`',
    ],
    [
      'has a shell that can be called',
      step('{ run: x, shell: zsh }'),
      `2:39  steps.pre-deploy.shell: ${shells}`,
    ],
    [
      'names variables as a shell can',
      step('{ run: x, env: { 1A: x } }'),
      '2:39  steps.pre-deploy.env.1A: `1A` is not the name of a variable: use letters, digits and `_`, and begin with no digit',
    ],
    [
      'sets no variable of Rollgate',
      step('{ run: x, env: { ROLLGATE_SHA: x } }'),
      '2:39  steps.pre-deploy.env.ROLLGATE_SHA: `ROLLGATE_SHA` is reserved: Rollgate itself sets the variables that begin with ROLLGATE_',
    ],
    [
      'sets variables to text or numbers',
      step('{ run: x, env: { A: true } }'),
      '2:42  steps.pre-deploy.env.A: expected text or a number, found `true`',
    ],
    [
      'has a mapping of variables',
      step('{ run: x, env: [A] }'),
      '2:37  steps.pre-deploy.env: expected variables like `{ PORT: "4001" }`, found the list `["A"]`',
    ],
    [
      'quotes a base version',
      'release: { base-version: 2026.1 }',
      '2:26  release.base-version: expected text like "2026.1", found the number 2026.1: put it in quotes, `"2026.1"`',
    ],
    [
      'has its schema file in the checkout',
      'release: { schema: /etc/schema }',
      '2:20  release.schema: expected the path of a file that stays in the checkout, found the text `/etc/schema`',
    ],
    [
      'has instances',
      'services:\n  web: { fleet: { start: x } }',
      `3:3  ${addInstances}.fleet, with local.instances, ssh.hosts or pull.instances`,
    ],
    ['has more than no instances', instances('[]'), `2:13  ${noInstances}`],
    ['has more than an empty mapping of instances', instances('{}'), `2:13  ${noInstances}`],
    [
      'says something of each service',
      'services:\n  web:\n',
      '3:3  services.web: expected a mapping of settings of a service, found nothing',
    ],
    [
      'has services by name',
      'services: [web]',
      '2:11  services: expected a mapping of services by name, found the list `["web"]`',
    ],
    [
      'names services plainly',
      'services: { -web: { fleet: { local: { instances: [a] } } } }',
      `2:13  services.-web: \`-web\` is not a name: ${letters}`,
    ],
    [
      'names instances plainly and once',
      instances('[a b, c, c]'),
      `2:50  services.web.fleet.local.instances[0]: \`a b\` is not a name: ${letters}`,
      '2:58  services.web.fleet.local.instances[2]: `c` is named twice',
    ],
    [
      'names instances plainly in a mapping, too',
      instances('{ "a b": {} }'),
      `2:51  services.web.fleet.local.instances["a b"]: \`a b\` is not a name: ${letters}`,
    ],
    [
      'has a list or a mapping of instances',
      instances('web-1'),
      '2:49  services.web.fleet.local.instances: expected a list of names, or a mapping of names to variables, found the text `web-1`',
    ],
    [
      'gives each instance of a mapping its variables',
      instances('{ a: }'),
      '2:51  services.web.fleet.local.instances.a: expected variables like `{ PORT: "4001" }`, or `{}` for none, found nothing',
    ],
    [
      'leaves an instance time to be healthy',
      web('health-check: { http: http://x, min-healthy-time: 2m }'),
      '5:55  services.web.health-check.min-healthy-time: `health-check.min-healthy-time` (2m) must be shorter than `health-check.healthy-deadline` (2m)',
    ],
    [
      'leaves that time against a default, too',
      web('health-check: { http: http://x, healthy-deadline: 5s }'),
      '5:55  services.web.health-check.healthy-deadline: `health-check.min-healthy-time` (5s) must be shorter than `health-check.healthy-deadline` (5s)',
    ],
    [
      'leaves a rollout time for an instance',
      web('health-check: { http: http://x, healthy-deadline: 20m }'),
      '5:55  services.web.health-check.healthy-deadline: `health-check.healthy-deadline` (20m) must be shorter than `rollout.progress-deadline` (20m)',
    ],
    [
      'leaves a rollout time against a default, too',
      web('health-check: { http: http://x }\n    rollout: { progress-deadline: 90s }'),
      '6:35  services.web.rollout.progress-deadline: `health-check.healthy-deadline` (2m) must be shorter than `rollout.progress-deadline` (1m30s)',
    ],
    [
      'asks something in a probe',
      web('health-check: {}'),
      '5:5  services.web.health-check: asks nothing: add `http` or `run`',
    ],
    [
      'asks something in a nested probe',
      web('traffic: { command: { serving: {} } }'),
      '5:27  services.web.traffic.command.serving: asks nothing: add `http` or `run`',
    ],
    [
      'asks one thing in a probe',
      web('version: { http: http://x, run: x }'),
      '5:5  services.web.version: asks twice: keep `http` or `run`',
    ],
    [
      'gives no shell to an address',
      web('self-test: { http: http://x, shell: sh }'),
      '5:41  services.web.self-test.shell: belongs to `run`, and an address has none',
    ],
    [
      'says how a probe asks',
      web('version: bin/version'),
      '5:14  services.web.version: expected a mapping with `http` or `run`, found the text `bin/version`',
    ],
    [
      'asks an address',
      web('version: { http: localhost }'),
      '5:22  services.web.version.http: expected an address that begins with http:// or https://, with a number or a variable as its port, without spaces, found the text `localhost`',
    ],
    ...['http://h:80a80/x', 'http://h:/x', 'https://h:123456', 'http://[::1]:x'].map(
      (address): Row => [
        `asks an address with a port, and not ${address}`,
        web(`version: { http: "${address}" }`),
        `5:22  services.web.version.http: expected an address that begins with http:// or https://, with a number or a variable as its port, without spaces, found the text \`${address}\``,
      ],
    ),
    [
      'repeats a test in whole numbers',
      web('self-test: { run: x, retries: -1 }'),
      '5:35  services.web.self-test.retries: expected a whole number, 0 or more, found the number -1',
    ],
    [
      'knows the ways of traffic',
      web('traffic: haproxy'),
      '5:14  services.web.traffic: expected `is-alive`, or a mapping with `is-alive`, `command` or `haproxy`, found the text `haproxy`',
    ],
    [
      'says how traffic is moved',
      web('traffic: {}'),
      '5:5  services.web.traffic: moves nothing: add `command` or `haproxy`, or write `is-alive`',
    ],
    parallel('0', 'expected a whole number, 1 or more, found the number 0'),
    parallel('2.5', 'expected a count like 3 or 25%, found the number 2.5'),
    parallel('0%', 'a percentage is between 1% and 100%, found `0%`'),
    parallel('101%', 'a percentage is between 1% and 100%, found `101%`'),
    parallel('half', 'expected a count like 3 or 25%, found the text `half`'),
    [
      'keeps no less than nothing in traffic',
      web('rollout: { min-available: -1 }'),
      '5:31  services.web.rollout.min-available: expected a whole number, 0 or more, found the number -1',
    ],
    [
      'lets no less than nothing fail',
      web('rollout: { max-failures: -1 }'),
      '5:30  services.web.rollout.max-failures: expected a whole number, 0 or more, found the number -1',
    ],
    [
      'knows what a failure may lead to',
      web('rollout: { on-failure: panic }'),
      '5:28  services.web.rollout.on-failure: expected `ask` or `roll-back`, found the text `panic`',
    ],
    [
      'accepts downtime or not',
      web('rollout: { accept-downtime: yes }'),
      '5:33  services.web.rollout.accept-downtime: expected true or false, found the text `yes`',
    ],
    [
      'is told all its mistakes at once',
      web(
        'heath-check: { http: http://x }\n    health-check: { http: http://x, min-healthy-time: 1h }\n    rollout: { max-paralel: 1 }\n    self-test: { http: http://x, timeout: 5 }\nstep: {}',
      ),
      '5:5  services.web: unknown key `heath-check`; did you mean `health-check`?',
      '6:55  services.web.health-check.min-healthy-time: `health-check.min-healthy-time` (1h) must be shorter than `health-check.healthy-deadline` (2m)',
      '7:16  services.web.rollout: unknown key `max-paralel`; did you mean `max-parallel`?',
      '8:43  services.web.self-test.timeout: expected a duration like 90s, found the number 5: write a unit, like 5s',
      '9:1  unknown key `step`; did you mean `steps`?',
    ],
  ]

  test.each(rows)('%s', (_rule, text, ...findings) => {
    const policy = source('version: 1\nenvironments: { production: { class: production } }')
    const recipe = source(`version: 1\n${text}\n`)
    expect(findingsOf(() => readRecipe(recipe, { source: policy, environment: 'production' }))).toEqual(
      findings,
    )
  })
})

describe('a policy', () => {
  const production = (value: string) => `environments:\n  production: ${value}`
  const approval = (value: string) => production(`{ class: staging, requires: { approval: ${value} } }`)
  const approvals = '`true`, `false`, or a mapping with `from` or `allow-bypass`'
  const at = 'environments.production.requires.approval'

  const rows: Row[] = [
    [
      'has environments by name',
      'environments: []',
      '2:15  environments: expected a mapping of environments by name, found the list `[]`',
    ],
    [
      'names environments as GitHub does F26',
      'environments: { a;b: { class: staging } }',
      '2:17  environments["a;b"]: `a;b` is not a name of an environment: GitHub takes 1 to 255 characters, none of them a quote, a backtick, a comma, a semicolon or a backslash, and no blank at either end',
    ],
    [
      'names an app so that a ref can hold it',
      'app: team/shop',
      `2:6  app: \`team/shop\` is not a name: ${letters}`,
    ],
    [
      'says what is at stake',
      production('{}'),
      '3:3  environments.production: `class` is missing: expected `sandbox`, `staging` or `production`',
    ],
    [
      'knows what can be at stake',
      production('{ class: prod }'),
      '3:24  environments.production.class: expected `sandbox`, `staging` or `production`, found the text `prod`',
    ],
    [
      'has a mapping for each environment',
      production('production'),
      '3:15  environments.production: expected a mapping with `class`, found the text `production`',
    ],
    [
      'has a whole address',
      production('{ class: staging, url: shop }'),
      '3:38  environments.production.url: expected an address like https://shop.example.com, found the text `shop`',
    ],
    [
      'says what it requires',
      production('{ class: staging, requires: true }'),
      '3:43  environments.production.requires: expected a mapping with `approval` or `verified-in`, found `true`',
    ],
    [
      'refuses two names of one GitHub environment F26',
      'environments:\n  production: { class: production }\n  Production: { class: production }',
      '4:3  environments.Production: `Production` is `production` to GitHub, which takes no notice of capitals: keep one of them',
    ],
    [
      'wants a proof from an environment that is there',
      'environments:\n  stage: { class: staging }\n  live: { class: production, requires: { verified-in: staeg } }',
      '4:55  environments.live.requires.verified-in: there is no environment `staeg`; did you mean `stage`?',
    ],
    [
      'wants no proof from itself, whatever else is wrong elsewhere',
      'environments:\n  stage: { class: staging, requires: { verified-in: stage } }\n  live: 3',
      '3:53  environments.stage.requires.verified-in: `stage` cannot be its own proof',
      '4:9  environments.live: expected a mapping with `class`, found the number 3',
    ],
    [
      'has no wave to an environment that is not there',
      'environments:\n  stage: { class: staging, then: [liv] }\n  live: { class: production }',
      '3:35  environments.stage.then[0]: there is no environment `liv`; did you mean `live`?',
    ],
    [
      'has no waves that go on for ever',
      'environments:\n  live: { class: production, then: [eu] }\n  eu: { class: production, then: [live] }',
      '3:37  environments.live.then[0]: leads back to `live`: it would go on for ever',
      '4:35  environments.eu.then[0]: leads back to `eu`: it would go on for ever',
    ],
    [
      'knows which environments there are',
      'environments:\n  live: { class: production, requires: { verified-in: staging } }',
      '3:55  environments.live.requires.verified-in: there is no environment `staging`',
    ],
    [
      'knows the ways of approval',
      approval('maybe'),
      `3:55  ${at}: expected ${approvals}, found the text \`maybe\``,
    ],
    [
      'has an approval that says something',
      approval('{}'),
      `3:45  ${at}: expected ${approvals}, found an empty mapping`,
    ],
    [
      'knows the keys of an approval',
      approval('{ form: [alice] }'),
      `3:57  ${at}: unknown key \`form\`; did you mean \`from\`?`,
    ],
    [
      'has somebody who may approve',
      approval('{ from: [] }'),
      `3:63  ${at}.from: names no person: add a login or a team, or nothing could ever be approved`,
    ],
    [
      'has a list of who may approve',
      approval('{ from: alice }'),
      `3:63  ${at}.from: expected a list of logins and teams, found the text \`alice\``,
    ],
    [
      'names approvers as GitHub does, and once',
      approval('{ from: ["@alice", bob, bob, a b] }'),
      `3:64  ${at}.from[0]: expected a login or a team, like \`alice\` or \`org/releasers\`, found the text \`@alice\`: write it without the \`@\``,
      `3:79  ${at}.from[2]: \`bob\` is named twice`,
      `3:84  ${at}.from[3]: expected a login or a team, like \`alice\` or \`org/releasers\`, found the text \`a b\``,
    ],
    [
      'bypasses only what GitHub guards',
      approval('{ from: [alice], allow-bypass: true }'),
      `3:86  ${at}.allow-bypass: belongs to GitHub's own reviewers: remove it, or remove \`from\``,
    ],
    [
      'keeps oneself out only of a list',
      approval('{ not-self: true }'),
      `3:67  ${at}.not-self: belongs to \`from\`: add the people who may approve, or set this in GitHub, on the environment`,
    ],
    [
      'asks for no more people than it names',
      approval('{ from: [alice, Alice2], at-least: 3 }'),
      `3:90  ${at}.at-least: is more than the people in \`from\`, so that nothing could ever be approved: name more people`,
    ],
    [
      'asks for no more people to go back than it names',
      production(
        '{ class: staging, requires: { approval: { from: [alice, bob] } }, rollback: { at-least: 3 } }',
      ),
      '3:103  environments.production.rollback.at-least: is more than the people in `from` of `requires.approval`, so that a rollback could never be approved: name more people',
    ],
    [
      'sets up a command where there is one',
      production(
        '{ class: staging, notify: [{ on: [failed], http: "https://a.b", working-directory: bin }] }',
      ),
      '3:98  environments.production.notify[0].working-directory: belongs to `run`: an address has no command to set it for',
    ],
    [
      'tells by a command or an address, and not by both',
      production(
        '{ class: staging, notify: [{ on: [failed], run: x, http: "https://a.b" }, { on: [failed] }] }',
      ),
      '3:42  environments.production.notify[0]: needs `run` or `http`, and not both',
      '3:89  environments.production.notify[1]: needs `run` or `http`, and not both',
    ],
    [
      'tells in a minute, of moments that there are, and gives a secret to an address alone',
      production(
        '{ class: staging, notify: [{ on: [fail], run: x }, { on: [failed], run: y, timeout: 2m }, { on: [failed], run: z, secret: { header: a, variable: b } }] }',
      ),
      '3:49  environments.production.notify[0].on[0]: expected `started`, `waiting`, `halted`, `succeeded`, `failed`, `rolled-back`, `detour-opened` or `detour-closed`, found the text `fail`',
      '3:99  environments.production.notify[1].timeout: is more than 1m: a deployment waits for its notices at the end',
      '3:129  environments.production.notify[2].secret: belongs to `http`: a command sees the variables itself',
    ],
    [
      'lets only a list expire',
      approval('{ expires: 24h }'),
      `3:66  ${at}.expires: belongs to \`from\`: a wait for GitHub's own reviewers is ended by GitHub, after 30 days`,
    ],
    [
      'says what becomes of a question that nobody answers',
      production('{ class: staging, unanswered: { after: 4h } }'),
      '3:33  environments.production.unanswered: `decision` is missing: expected `roll-back`, `abandon` or `exclude`',
    ],
    [
      'knows what may be decided when nobody answers',
      production('{ class: staging, unanswered: { decision: force-next } }'),
      '3:33  environments.production.unanswered: `after` is missing: expected a duration like 90s',
      '3:57  environments.production.unanswered.decision: expected `roll-back`, `abandon` or `exclude`, found the text `force-next`',
    ],
    [
      'has a mapping for what nobody answers',
      production('{ class: staging, unanswered: roll-back }'),
      '3:45  environments.production.unanswered: expected a mapping with `after` and `decision`, found the text `roll-back`',
    ],
    [
      'is checked in every environment',
      'environments: { production: { class: production }, staging: { class: stage } }',
      '2:70  environments.staging.class: expected `sandbox`, `staging` or `production`, found the text `stage`',
    ],
    [
      'is checked in the services it lays over a recipe',
      production('{ class: staging, services: { web: { flet: {} } } }'),
      '3:52  environments.production.services.web: unknown key `flet`; did you mean `fleet`?',
    ],
  ]

  test.each(rows)('%s', (_rule, text, ...findings) => {
    expect(findingsOf(() => readPolicy(source(`version: 1\n${text}\n`), 'production'))).toEqual(findings)
  })

  test('is not held back by a mistake in a recipe', () => {
    const text =
      'version: 1\nenvironments: { production: { class: staging } }\nsteps: { nonsense: 1 }\nservices: 3\n'
    expect(readPolicy(source(text), 'production').class).toBe('staging')
  })
})
