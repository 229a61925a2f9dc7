// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts of shells and of GitHub have them
import { expect, test } from 'vitest'
import { type ArtifactPattern, patternFindings } from '../../src/domain/check/artifact-patterns.ts'
import type { CheckoutSeen, TextSeen } from '../../src/domain/check/checkout.ts'
import { environmentFindings } from '../../src/domain/check/environment.ts'
import type { CheckFinding } from '../../src/domain/check/finding.ts'
import { schemaFindings } from '../../src/domain/check/schema-comment.ts'
import { namesUsed } from '../../src/domain/check/variables.ts'
import { writtenSecretFindings } from '../../src/domain/check/written-secrets.ts'
import type { TreeEntry } from '../../src/domain/release/release-tree.ts'
import { artifactPatterns } from '../../src/inputs/artifact-patterns.ts'
import { readBoth } from '../inputs/config.fixture.ts'

type Files = Readonly<Record<string, string | TextSeen | 'executable'>>

function seen(files: Files, ignored = ''): CheckoutSeen {
  const entries = new Map<string, TreeEntry>()
  const texts = new Map<string, TextSeen>()
  for (const [path, content] of Object.entries(files)) {
    const folders = path.split('/').slice(0, -1)
    for (const at of folders.keys()) entries.set(folders.slice(0, at + 1).join('/'), 'folder')
    entries.set(path, 'executable')
    if (content !== 'executable')
      texts.set(path, typeof content === 'string' ? { text: content, carriageReturns: false } : content)
  }
  return { tree: { entries, whole: true }, ignored, texts, notAdded: new Set() }
}

const config = `version: 1
environments:
  production:
    class: production
    services: { web: { fleet: { ssh: { hosts: { web-1: { host: 10.0.0.1 }, web-2: { host: 10.0.0.2 } } } } } }
release: { schema: db/version }
steps:
  build: bin/build
  pre-deploy: bin/notify
  migrate: { run: bin/migrate, phase: expand }
  post-deploy: "sh bin/after"
services:
  web:
    fleet:
      ssh: { user: deploy, settings: ops/ssh_config, upload: out/app.tgz }
      stop: stop-web
      install: install-web
      start: start-web
    traffic: { haproxy: { socket: ["10.0.1.1:9999"], backend: web } }
    version: { http: "http://$ROLLGATE_HOST/version" }
    health-check: { run: up }
tasks:
  clean: { run: bin/clean }
`
const files: Files = {
  'db/version': 'executable',
  'bin/build': '#!/bin/sh\n',
  'bin/notify': '#!/bin/sh\n',
  'bin/migrate': '#!/bin/sh\n',
  'bin/after': '#!/bin/sh\n',
  'bin/clean': '#!/bin/sh\n',
  'ops/ssh_config': 'UserKnownHostsFile ops/known_hosts\n',
  'ops/known_hosts': 'executable',
}

function checked(text: string, given: Files = files, ignored = ''): CheckFinding[] {
  const { policy, recipe } = readBoth(text)
  return environmentFindings({ policy, recipe }, seen(given, ignored))
}

const without = (name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== name))
const change = (from: string, to: string): string => {
  expect(config).toContain(from)
  return config.replace(from, to)
}

const shown = ({ place, what }: CheckFinding): string =>
  `${place.kind === 'key' ? place.key : `${place.path}:${place.line}`}  ${what}`

/** The findings that a mistake brings, each with its place and what it says; the action is never empty. */
function brought(found: readonly CheckFinding[]): string[] {
  const usual = new Set(checked(config).map(shown))
  const news = found.filter((finding) => !usual.has(shown(finding)))
  for (const finding of news) if (finding.weight === 'problem') expect(finding.next).not.toBe('')
  return news.map(shown)
}

const crlf = (text: string): TextSeen => ({ text, carriageReturns: true })
const returns = (path: string, shebang: string) =>
  `${path}:1  ${path} begins with ${shebang}, and its lines end with CR LF: the system would look for a program whose name ends with a carriage return.`
const open = (place: string, does: string) =>
  `${place}  ${place.split(':')[0]} still has the guard of rollgate init: nothing is there yet that ${does}.`

test('a config and a checkout that fit: nothing but the warnings of the plan itself', () => {
  expect(checked(config).map(({ weight }) => weight)).not.toContain('problem')
})

test.each([
  ['of a program', { 'bin/migrate': crlf('#!/bin/sh\r\n') }, returns('bin/migrate', '#!/bin/sh')],
  [
    'of a hook',
    { 'bin/build': crlf('#!/usr/bin/env bash\r\n') },
    returns('bin/build', '#!/usr/bin/env bash'),
  ],
  ['of a script for sh', { 'bin/after': crlf('#!/bin/sh\r\n') }, returns('bin/after', '#!/bin/sh')],
  ['of a task', { 'bin/clean': crlf('#!/bin/sh -e\r\n') }, returns('bin/clean', '#!/bin/sh -e')],
  [
    'of a program in a folder of the job',
    { 'app/bin/clean': crlf('#!/bin/sh\r\n') },
    returns('app/bin/clean', '#!/bin/sh'),
  ],
  ['of a file without a shebang', { 'bin/clean': crlf('echo\r\n') }, null],
  ['of a file that no command runs', { 'bin/other': crlf('#!/bin/sh\r\n') }, null],
])('line ends of Windows %s', (_, more, finding) => {
  expect(brought(checked(config, { ...files, ...more }))).toEqual(finding === null ? [] : [finding])
})

test.each([
  [
    'in a case',
    { 'bin/migrate': "#!/bin/sh\ncase $1 in\n  up) fill_in 'migrates the database' ;;\nesac\n" },
    open('bin/migrate:3', 'migrates the database'),
  ],
  [
    'on a line of its own',
    { 'bin/build': "#!/bin/sh\nfill_in 'builds it'\n" },
    open('bin/build:2', 'builds it'),
  ],
  ['indented', { 'bin/after': "#!/bin/sh\n  fill_in 'tells people'\n" }, open('bin/after:2', 'tells people')],
  ['in a task', { 'bin/clean': "fill_in 'cleans up'" }, open('bin/clean:1', 'cleans up')],
  ['in a comment', { 'bin/clean': "# fill_in 'cleans up'" }, null],
  ['in the function itself', { 'bin/clean': 'fill_in() {\n  exit 1\n}\n' }, null],
])("init's guard %s", (_, more, finding) => {
  expect(brought(checked(config, { ...files, ...more }))).toEqual(finding === null ? [] : [finding])
})

const hosts = 'web-2: { host: 10.0.0.2 }'
const oneHost = (where: string) =>
  `services.web.fleet.ssh.hosts.web-2  web-1 and web-2 of web are one host, ${where}, with the same variables: each command would run twice on one server.`

test.each([
  ['the same host', change(hosts, 'web-2: { host: 10.0.0.1 }'), oneHost('10.0.0.1')],
  [
    'the same host and port',
    change(hosts, 'web-2: { host: 10.0.0.1, port: 22 }').replace(
      'web-1: { host: 10.0.0.1 }',
      'web-1: { host: 10.0.0.1, port: 22 }',
    ),
    oneHost('10.0.0.1'),
  ],
  [
    'the same host and variables',
    change(hosts, 'web-2: { host: 10.0.0.1, env: { PORT: "1" } }').replace(
      'web-1: { host: 10.0.0.1 }',
      'web-1: { host: 10.0.0.1, env: { PORT: "1" } }',
    ),
    oneHost('10.0.0.1'),
  ],
  [
    'one address for all',
    change('http://$ROLLGATE_HOST/version', 'http://10.0.0.9/version'),
    'services.web.version  services.web.version is the same address for web-1 and web-2, http://10.0.0.9/version: the answer of one would count for the other.',
  ],
  [
    'a health check of this machine',
    change('health-check: { run: up }', 'health-check: { http: "http://localhost:80/up" }'),
    'services.web.health-check  services.web.health-check is the same address for web-1 and web-2, http://localhost:80/up: the answer of one would count for the other.',
  ],
  [
    'one name in the balancer',
    change('backend: web }', 'backend: web, server: $NAME }')
      .replace('{ host: 10.0.0.1 }', '{ host: 10.0.0.1, env: { NAME: w } }')
      .replace('{ host: 10.0.0.2 }', '{ host: 10.0.0.2, env: { NAME: w } }'),
    'services.web.traffic.haproxy.server  services.web.traffic.haproxy.server is the same address for web-1 and web-2, w: the answer of one would count for the other.',
  ],
  [
    'two processes on one host, told apart by a variable',
    change(hosts, 'web-2: { host: 10.0.0.1, env: { PORT: "2" } }').replace(
      '$ROLLGATE_HOST/version',
      '$ROLLGATE_HOST/$ROLLGATE_INSTANCE',
    ),
    null,
  ],
])('instances with %s', (_, text, finding) => {
  expect(brought(checked(text))).toEqual(finding === null ? [] : [finding])
})

test.each([
  [
    'the settings of ssh',
    config,
    without('ops/ssh_config'),
    'services.web.fleet.ssh.settings  services.web.fleet.ssh.settings names ops/ssh_config, and git has no such file.',
  ],
  [
    'misspelt settings of ssh',
    change('ops/ssh_config', 'ops/ssh-config'),
    files,
    'services.web.fleet.ssh.settings  services.web.fleet.ssh.settings names ops/ssh-config, and git has no such file. Is ops/ssh_config meant?',
  ],
  [
    'the schema version',
    config,
    without('db/version'),
    'release.schema  release.schema names db/version, and git has no such file.',
  ],
  [
    'a misspelt schema version',
    change('db/version', 'db/versions'),
    files,
    'release.schema  release.schema names db/versions, and git has no such file. Is db/version meant?',
  ],
  [
    'an upload that nothing makes',
    change('  build: bin/build\n', ''),
    files,
    'services.web.fleet.ssh.upload  services.web.fleet.ssh.upload names out/app.tgz, and git has no such file.',
  ],
  [
    'host keys',
    config,
    without('ops/known_hosts'),
    'ops/ssh_config:1  ops/ssh_config takes host keys from ops/known_hosts, and git has no such file.',
  ],
])('a file that is not there: %s', (_, text, given, finding) => {
  expect(brought(checked(text, given))).toEqual([finding])
})

test('an upload that git ignores, or that a build makes, is no finding', () => {
  expect(brought(checked(config))).toEqual([])
  expect(brought(checked(change('  build: bin/build\n', ''), files, 'out/\n'))).toEqual([])
})

test.each([
  [
    'no settings and no set-up action',
    change(' settings: ops/ssh_config,', ''),
    files,
    'services.web.fleet.ssh  web is reached over ssh, and nothing of the repository says which host keys are known: they must stand in ~/.ssh/known_hosts of the machine of the job.',
  ],
  [
    'settings without host keys',
    config,
    { ...files, 'ops/ssh_config': 'Port 2222\n' },
    'ops/ssh_config:1  ops/ssh_config names no UserKnownHostsFile: host keys are looked up in ~/.ssh/known_hosts of the machine of the job.',
  ],
  [
    'no login',
    change('user: deploy, ', ''),
    files,
    'services.web.fleet.ssh  No user is named for 10.0.0.1: ssh takes the login of the runner, which hosts rarely know.',
  ],
  [
    'a jump host that the settings do not have',
    change('user: deploy', 'user: deploy, jump: gate'),
    files,
    'services.web.fleet.ssh.jump  The jump host gate is a single word, and ops/ssh_config does not say where it is.',
  ],
  [
    'a jump host of one instance',
    change(hosts, 'web-2: { host: 10.0.0.2, jump: me@gate:2222 }'),
    files,
    'services.web.fleet.ssh.hosts.web-2.jump  The jump host gate is a single word, and ops/ssh_config does not say where it is.',
  ],
])('ssh with %s', (_, text, given, finding) => {
  expect(brought(checked(text, given))).toEqual([finding])
})

test.each([
  [
    'a set-up action',
    change(' settings: ops/ssh_config,', ''),
    { ...files, '.github/actions/rollgate-setup/action.yml': 'executable' as const },
  ],
  ['host-keys: accept-new', change(' settings: ops/ssh_config', ' host-keys: accept-new'), files],
  [
    'a User in its settings',
    change('user: deploy, ', ''),
    { ...files, 'ops/ssh_config': 'Host *\n  User me\n  UserKnownHostsFile ~/known\n' },
  ],
  [
    'a Host for its jump',
    change('user: deploy', 'user: deploy, jump: gate'),
    { ...files, 'ops/ssh_config': 'Host gate\n  HostName 10.9.9.9\nUserKnownHostsFile ops/known_hosts\n' },
  ],
])('ssh with %s is no finding', (_, text, given) => {
  expect(brought(checked(text, given))).toEqual([])
})

test.each([
  ['# yaml-language-server: $schema=../rollgate.schema.json', 'rollgate.schema.json'],
  ['# yaml-language-server: $schema=./schema.json', '.github/schema.json'],
  ['# $schema: schemas/rollgate.json', '.github/schemas/rollgate.json'],
  ['#yaml-language-server: $schema = /rollgate.json', 'rollgate.json'],
  ['# yaml-language-server: $schema=../../outside.json', null],
])('%s: editors find no schema there', (line, file) => {
  const text = `${line}\nversion: 1\n`
  const found = schemaFindings('.github/rollgate.yml', text, seen({}))
  expect(found.map(shown)).toEqual([expect.stringMatching(/^\.github\/rollgate\.yml:1 {2}Editors look for/)])
  expect(found[0]?.next).not.toBe('')
  if (file !== null) expect(schemaFindings('.github/rollgate.yml', text, seen({ [file]: '' }))).toEqual([])
})

test('the schema at a web address is not looked for', () => {
  const text = '# yaml-language-server: $schema=https://example.com/rollgate.schema.json\n'
  expect(schemaFindings('.github/rollgate.yml', text, seen({}))).toEqual([])
})

const workflow = (steps: string, artifacts: string) => `jobs:
  release:
    steps:
${steps}      - uses: rollgate/rollgate/actions/release@v0
        with:
          artifacts: |
            ${artifacts}
`
const checkout = '      - uses: actions/checkout@v7\n'

test.each([
  ['dist/*.zip', 'dist/app.tar.gz', 1],
  ['release/**/app.tgz', 'release/app.tar', 1],
  ['docs/?.pdf', 'docs/ab.pdf', 1],
  ['dist/*.zip', 'dist/app.zip', 0],
  ['release/**/app.tgz', 'release/a/b/app.tgz', 0],
  ['docs/?.pdf', 'docs/a.pdf', 0],
])('the artifacts pattern %s where git has %s: %d findings', (pattern, file, count) => {
  const patterns = artifactPatterns('.github/workflows/release.yml', workflow(checkout, pattern))
  const found = patternFindings(patterns, seen({ [file]: '' }))
  expect(found).toHaveLength(count)
  for (const one of found)
    expect(shown(one)).toMatch(/^\.github\/workflows\/release\.yml:\d+ {2}The artifacts pattern/)
})

test.each([
  ['a step builds them', workflow(`${checkout}      - run: make\n`, 'dist/*'), ''],
  ['git ignores them', workflow(checkout, 'dist/app.zip'), 'dist/\n'],
])('a pattern without files, where %s: no finding', (_, text, ignored) => {
  const patterns: ArtifactPattern[] = artifactPatterns('w.yml', text)
  expect(patterns).toHaveLength(1)
  expect(patternFindings(patterns, seen({}, ignored))).toEqual([])
})

test.each([
  ['engine: { command: { image: "a@$DIGEST", state: s, hand-over: h } }', /has no jobs/],
  ['engine: { swarm: { service: job, image: "a@$DIGEST" } }', null],
])('a migration as a job of the engine of { %s }', (service, words) => {
  const text = `version: 1
environments: { production: { class: production } }
steps: { migrate: { run: m, phase: expand, on: { engine: job } } }
services: { job: { ${service} } }
`
  const found = checked(text, {}).filter(({ what }) => what.includes('as a job'))
  expect(found.map(({ place }) => place)).toEqual(
    words === null ? [] : [{ kind: 'key', key: 'steps.migrate' }],
  )
  if (words !== null) expect(found[0]?.what).toMatch(words)
})

test('a variable of a script that nothing gives is found, until the config, its build or a workflow gives it', () => {
  const script =
    '#!/bin/sh\nset -eu\n# $NOT_ME\nLOCAL=1; psql "$DATABASE_URL" -c "$LOCAL ${ROLLGATE_SHA} ${QUIET:-0}"\n'
  const using = { ...files, 'bin/migrate': script }
  const variables = (text: string, given: Files) =>
    checked(text, given).filter(({ what }) => what.includes('nothing of the repository gives it'))
  expect(variables(config, using)).toEqual([
    expect.objectContaining({
      weight: 'warning',
      place: { kind: 'key', key: 'steps.migrate' },
      what: 'steps.migrate uses $DATABASE_URL, and nothing of the repository gives it.',
      next: expect.stringContaining('add DATABASE_URL to requires-variables'),
    }),
  ])
  const required = config.replace('version: 1\n', 'version: 1\nrequires-variables: [DATABASE_URL]\n')
  expect(variables(required, using)).toEqual([])
  const named = config.replace('version: 1\n', 'version: 1\nvars: [DATABASE_URL]\n')
  expect(variables(named, using)).toEqual([])
  const ofEnvironment = config.replace(
    'class: production',
    'class: production\n    env: { DATABASE_URL: postgres:///shop }',
  )
  expect(ofEnvironment).not.toBe(config)
  expect(variables(ofEnvironment, using)).toEqual([])
  const building = { ...using, 'bin/build': '#!/bin/sh\necho "DATABASE_URL=x" >> "$ROLLGATE_OUTPUT"\n' }
  expect(variables(config, building)).toEqual([])
  const workflow = { '.github/workflows/rollgate.yml': 'env: { DATABASE_URL: "${{ vars.DB }}" }\n' }
  expect(variables(config, { ...using, ...workflow })).toEqual([])
})

test.each([
  ['echo "$ONE ${TWO}"', ['ONE', 'TWO']],
  ["echo '$ONE' \\$TWO $$PID ${THREE:-x} $lower", []],
  ['for EACH in a b; do echo "$EACH"; done; read -r LINE; echo "$LINE $HOME $GITHUB_SHA"', []],
  ['export ONE=1 && echo $ONE', []],
] as const)('%s reads variables %j that it does not set', (text, names) => {
  expect(namesUsed(text)).toEqual(names)
})

const noCommand =
  'services.web.fleet  web has no command that brings a release to an instance: a deployment would record it and change nothing.'

test.each([
  ['no install and no start', '      install: install-web\n      start: start-web\n', '', noCommand],
  ['commands that do nothing', 'install-web\n      start: start-web', '"true"\n      start: ":"', noCommand],
  ['a start alone', '      install: install-web\n', '', null],
  ['an install alone', '      start: start-web\n', '', null],
])('a service with %s', (_, from, to, finding) => {
  expect(brought(checked(change(from, to))).filter((one) => one.includes('brings a release'))).toEqual(
    finding === null ? [] : [finding],
  )
})

test.each([
  ['one person', '{ from: [alice], not-self: true }', 'alice is asked for an approval'],
  [
    'too few for two approvals',
    '{ from: [alice, bob], at-least: 2, not-self: true }',
    'alice and bob are asked for 2 approvals',
  ],
  ['two people', '{ from: [alice, bob], not-self: true }', null],
  ['one person who may approve all', '{ from: [alice], not-self: false }', null],
  ['a team', '{ from: [acme/ops], not-self: true }', null],
])('not-self with %s', (_, approval, words) => {
  const found = brought(
    checked(change('class: production\n', `class: production\n    requires: { approval: ${approval} }\n`)),
  ).filter((one) => one.includes('could never be approved'))
  expect(found.map((one) => one.split('  ')[0])).toEqual(
    words === null ? [] : ['environments.production.requires.approval.from'],
  )
  for (const one of found) expect(one).toContain(words)
})

test.each([
  ['verify: { http: "https://admin:hunter2@shop.example.com/" }', 'a login in an address'],
  ['DATABASE_URL: postgres://shop:hunter2@db.example.com/shop', 'a login in an address'],
  ['# migrate: psql postgres://shop:hunter2@db/shop', 'a login in an address'],
  ['http: https://hooks.slack.com/services/T000/B000/x1', 'the address of a webhook'],
  ['http: "https://alarms.example.com/quiet?api_key=0123abcd"', 'a secret in an address'],
  [`TOKEN: ghp_${'a1'.repeat(18)}`, 'a token of GitHub'],
  [`KEY: AKIA${'ABCD'.repeat(4)}`, 'a key of AWS'],
  ['KEY: "-----BEGIN OPENSSH PRIVATE KEY-----"', 'a private key'],
  ['verify: { http: "https://$USER:$PASSWORD@shop.example.com/" }', null],
  ['DATABASE_URL: postgres://shop:shop@localhost/shop', null],
  ['http: "https://alarms.example.com/quiet?api_key=$KEY"', null],
  ['http: "https://hooks.slack.com/services/$SLACK_PATH"', null],
  ['git: ssh://git@example.com:22/shop', null],
  ['# http: https://alarms.example.com/quiet?token=<token>, or ?token={token}', null],
  ['# like https://user:pass@alarms.example.com/ or https://<user>:<password>@alarms.example.com/', null],
  ['DATABASE_URL: postgres://shop:password@db.example.com/shop', 'a login in an address'],
  [
    '# https://user:password@a.example.com/, then https://shop:hunter2@b.example.com/',
    'a login in an address',
  ],
  ['image: ghcr.io/acme/shop@sha256:0123', null],
])('a secret in the config: %s', (line, kind) => {
  const findings = writtenSecretFindings('.github/rollgate.yml', `version: 1\n${line}\n`)
  expect(findings.map(({ weight, place }) => [weight, place])).toEqual(
    kind === null ? [] : [['problem', { kind: 'line', path: '.github/rollgate.yml', line: 2, column: 1 }]],
  )
  for (const { what, next } of findings) {
    expect(what).toContain(kind)
    expect(next).toContain('ROLLGATE_ENV')
    expect(`${what}${next}`).not.toContain('hunter2')
  }
})
