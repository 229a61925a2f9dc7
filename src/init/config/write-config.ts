import type { EnvironmentWanted, SetUpAnswers } from '../answers.ts'
import type { ScriptWord } from '../script/words.ts'
import { engineLines, engineServices, engineSteps, enginesThere, frontDoor } from './engines.ts'
import { fleetCommands } from './fleet.ts'
import { type ConfigParts, healthAddress, onPlace, usesPort } from './parts.ts'
import { indented, inline } from './yaml.ts'

const schema = 'https://raw.githubusercontent.com/rollgate/rollgate/v0/rollgate.schema.json'

/** Returns the text of `.github/rollgate.yml`, with comments for a reader who sees it for the first time. */
export function writeConfig(parts: ConfigParts): string {
  const lines = [
    '# How Rollgate deploys this repository. Every key: https://github.com/rollgate/rollgate/blob/v0/docs/config.md',
    '# `environments` is read from the default branch, so that no release weakens its own gate. Everything below it is',
    "# read at the release's own commit, and a rollback uses the commands of the release that it goes back to.",
    `# yaml-language-server: $schema=${schema}`,
    'version: 1',
    '',
    'environments:',
    ...indented(
      1,
      parts.answers.environments.flatMap((one) => environmentLines(parts, one)),
    ),
    ...stepLines(parts),
    '',
    'services:',
    ...indented(1, engineServices(parts).length > 0 ? engineLines(parts) : serviceLines(parts)),
  ]
  return `${lines.join('\n')}\n`
}

function environmentLines(parts: ConfigParts, { name, class: stake }: EnvironmentWanted): string[] {
  const { answers, made } = parts
  const door = frontDoor(parts)
  const isEngine = engineServices(parts).length > 0
  const there = isEngine
    ? enginesThere(parts, { name, class: stake })
    : [`${inline(made.app)}:`, ...indented(1, instancesOf(parts, name))]
  return [
    `${inline(name)}:`,
    ...indented(1, [
      `class: ${stake} ${stakeWords[stake]}`,
      door === null
        ? '# url: https://example.com # GitHub shows it beside the deployment'
        : `url: ${inline(door.url)} # GitHub shows it beside the deployment`,
      ...requiredLines(answers, { name, class: stake }),
      ...(there.length === 0 ? [] : ['services:', ...indented(1, there)]),
    ]),
  ]
}

const stakeWords = {
  sandbox: '# nothing is asked before a deployment',
  staging: '# prereleases are taken too',
  production: '# needs an approval, and takes no prerelease',
} as const

function requiredLines(answers: SetUpAnswers, { name, class: stake }: EnvironmentWanted): string[] {
  if (stake !== 'production') return []
  const [staging] = answers.environments.filter((one) => one.class === 'staging' && one.name !== name)
  const approval =
    answers.approvers.length === 0
      ? "approval: true # by GitHub's required reviewers of this environment"
      : `approval: ${inline({ from: answers.approvers })} # one of them; add not-self: true to keep people from approving their own`
  return [
    'requires:',
    ...indented(1, [
      approval,
      ...(staging === undefined
        ? []
        : [`verified-in: ${inline(staging.name)} # the same commit must have been deployed there first`]),
    ]),
  ]
}

/** The instances of one environment, each with the variables that tell it from the others. */
function instancesOf({ made, answers, script }: ConfigParts, environment: string): string[] {
  const place = answers.environments.findIndex((one) => one.name === environment)
  const env = usesPort(made) ? { PORT: String(made.sketch.port + place) } : {}
  const { where } = answers
  if (where.kind === 'runner') {
    const instances = { [`${made.app}-1`]: env }
    const alone = script.words.has('stop')
      ? [
          'rollout: { accept-downtime: true } # one instance is down while it is changed; two of them need not be',
        ]
      : []
    return [`fleet: ${inline({ local: { instances } })}`, ...alone]
  }
  const hosts = where.hosts.get(environment) ?? []
  const settings = hosts.map(({ name, host }) => [
    name,
    {
      ...(host === null ? {} : { host }),
      ...(usesPort(made) ? { env: { PORT: String(made.sketch.port) } } : {}),
    },
  ])
  return [
    'fleet:',
    ...indented(1, [
      'ssh:',
      ...indented(1, [
        'hosts:',
        ...indented(
          1,
          settings.map(([name, one]) => `${inline(name)}: ${inline(one)}`),
        ),
      ]),
    ]),
    ...(hosts.length > 1 || !script.words.has('stop')
      ? []
      : [
          'rollout: { accept-downtime: true } # one host is down while it is changed; two of them need not be',
        ]),
  ]
}

function stepLines(parts: ConfigParts): string[] {
  const { script, scriptPath } = parts
  const has = (word: ScriptWord): boolean => script.words.has(word)
  const run = (word: ScriptWord): string => inline(`${scriptPath} ${word}`)
  const lines = [
    ...(has('pack')
      ? [`build: { run: ${run('pack')} } # what is brought to the hosts`]
      : has('build')
        ? [
            'build: # before anything changes',
            ...indented(1, [
              `run: ${run('build')}`,
              ...(has('built') ? [`unless: ${run('built')}`] : []),
              'timeout: 30m',
            ]),
          ]
        : []),
    ...(has('suspend')
      ? [
          'scheduler: # starts no job while the database is migrated',
          ...indented(1, [
            `suspend: ${run('suspend')}`,
            `resume: ${run('resume')}`,
            '# running: prints the jobs that still run, one a line; without it nothing waits for them',
          ]),
        ]
      : []),
    ...(has('migrate')
      ? [
          'migrate: # on the runner, before the first instance is changed',
          ...indented(1, [
            `run: ${run('migrate')}`,
            'phase: expand # the release before still works on the migrated database; contract: it does not',
            'repeatable: true # each migration is recorded by the tool, and runs once',
          ]),
        ]
      : []),
    ...engineSteps(parts),
  ]
  return lines.length === 0 ? [] : ['', 'steps:', ...indented(1, lines)]
}

function serviceLines(parts: ConfigParts): string[] {
  const { made } = parts
  return [
    `${inline(made.app)}:`,
    ...indented(1, [
      'fleet: # how one instance is changed, one after another',
      ...indented(1, fleetCommands(parts)),
      ...questionLines(parts),
      '# self-test: { run: … } # is it right? asked once, before the instance gets traffic',
      'rollout:',
      ...indented(1, [
        ...(made.running.kind === 'files'
          ? ['order: in-place # the link moves while the instance serves: it never leaves traffic']
          : []),
        'max-parallel: 1',
        'on-failure: ask # a person decides; roll-back: without a question',
      ]),
    ]),
  ]
}

/** The questions: is it up, and is it the release? */
function questionLines(parts: ConfigParts): string[] {
  const { script } = parts
  const asked = healthAddress(parts.made, parts.answers)
  const version = script.words.has('version')
    ? [`version: { run: ${inline(onPlace(parts, 'version'))} } # the commit that an instance really runs`]
    : [
        '# version: { run: … } # prints the tag or the commit that really runs; without it Rollgate sees what it did alone',
      ]
  const health =
    asked !== null
      ? [`health-check: { http: ${inline(asked)}, healthy-deadline: 2m } # is it up? asked again and again`]
      : script.words.has('healthy')
        ? [
            'health-check: # is it up? asked again and again',
            ...indented(1, [
              `run: ${inline(onPlace(parts, 'healthy'))}`,
              'healthy-deadline: 2m',
              'timeout: 30s',
            ]),
          ]
        : ['# health-check: { http: "https://example.com/health" } # is it up? an address that answers 200']
  return [...version, ...health]
}
