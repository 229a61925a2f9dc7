import { describe, expect, test } from 'vitest'
import { readRecipe } from '../../src/inputs/config/read.ts'
import { findingsOf, source } from './config.fixture.ts'

/** One written key of a service, and every finding that it must cause, after `services.web.`. */
type Row = readonly [rule: string, written: string, ...findings: string[]]

const letters = 'use letters, digits, `.`, `_` and `-`, and begin with a letter or digit'

function findingsIn(service: string): string[] {
  const policy = source('version: 1\nenvironments: { production: { class: production } }')
  const recipe = source(`version: 1\nservices:\n  web:\n${service}\n`)
  return findingsOf(() => readRecipe(recipe, { source: policy, environment: 'production' })).map((line) =>
    line.replace(/ {2}services\.web\./, '  '),
  )
}

describe('a fleet', () => {
  const instances =
    'services.web: has no instances in production: add environments.production.services.web.fleet'
  const hosts = 'services.web: has no hosts in production: add environments.production.services.web.fleet.ssh'
  const rows: Row[] = [
    ['is of some kind', '{}', `3:3  ${instances}, with local.instances, ssh.hosts or pull.instances`],
    [
      'is of one kind',
      '{ local: { instances: [a] }, ssh: { hosts: [a] } }',
      '4:5  fleet: is of several kinds: keep one of `local`, `ssh` and `pull`',
    ],
    ['has hosts', '{ ssh: { user: deploy } }', `3:3  ${hosts}.hosts, or an inventory`],
    ['has more than no hosts', '{ ssh: { hosts: [] } }', `3:3  ${hosts}.hosts, or an inventory`],
    [
      'has its hosts from one place',
      '{ ssh: { hosts: [a], inventory: bin/hosts } }',
      '4:14  fleet.ssh: names its hosts twice: keep `hosts` or `inventory`',
    ],
    [
      'knows its kinds',
      '{ shh: { hosts: [a] } }',
      `3:3  ${instances}, with local.instances, ssh.hosts or pull.instances`,
      '4:14  fleet: unknown key `shh`; did you mean `ssh`?',
    ],
    [
      'is no list',
      '[web-1]',
      '4:12  fleet: expected a mapping with `local`, `ssh` or `pull`, found the list `["web-1"]`',
    ],
    [
      'says more of ssh than a name',
      '{ ssh: web-1 }',
      '4:19  fleet.ssh: expected a mapping with `hosts` or `inventory`, found the text `web-1`',
    ],
  ]
  test.each(rows)('%s', (_rule, written, ...findings) => {
    expect(findingsIn(`    fleet: ${written}`)).toEqual(findings)
  })
})

describe('hosts over ssh', () => {
  const word = (text: string) => (text.trim() === '' ? 'an empty text' : `the text \`${text}\``)
  const setting = (key: string, value: string, words: string): Row => [
    `have a ${key}, and not ${value}`,
    `{ hosts: [a], ${key}: ${value} }`,
    `4:${35 + key.length}  fleet.ssh.${key}: ${words}`,
  ]
  const hostOf = (text: string): Row => [
    `are addresses alone, and not ${JSON.stringify(text)}`,
    `{ hosts: { a: { host: ${JSON.stringify(text)} } } }`,
    `4:41  fleet.ssh.hosts.a.host: expected a host name or an address, without user, port and brackets, found ${word(text.replace('\n', '�'))}`,
  ]
  const user = 'a user name of letters, digits, `.`, `_` and `-`'
  const jump = 'jump hosts like deploy@gate:22, divided by commas'
  const port = 'expected a port between 1 and 65535'

  const rows: Row[] = [
    [
      'are named plainly and once',
      '{ hosts: [-a, b, b] }',
      `4:29  fleet.ssh.hosts[0]: \`-a\` is not a name: ${letters}`,
      '4:36  fleet.ssh.hosts[2]: `b` is named twice',
    ],
    [
      'are a list or a mapping',
      '{ hosts: web-1 }',
      '4:28  fleet.ssh.hosts: expected a list of names, or a mapping of names to settings, found the text `web-1`',
    ],
    [
      'say in a mapping what is theirs, or nothing',
      '{ hosts: { a: } }',
      '4:30  fleet.ssh.hosts.a: expected settings like `{ host: 10.0.0.1 }`, or `{}` for none, found nothing',
    ],
    [
      'know their settings',
      '{ hosts: { a: { hots: b } } }',
      '4:35  fleet.ssh.hosts.a: unknown key `hots`; did you mean `host`?',
    ],
    hostOf('-oProxyCommand=x'),
    hostOf('deploy@web-1'),
    hostOf('web-1:22'),
    hostOf('[::1]'),
    hostOf('web 1'),
    hostOf('10.0.0'),
    hostOf('10'),
    hostOf('web-1\nweb-2'),
    hostOf('$(id)'),
    hostOf(''),
    setting('user', '-l', `expected ${user}, found the text \`-l\``),
    setting('user', '"a b"', `expected ${user}, found the text \`a b\``),
    setting('user', '7', 'expected a user name, found the number 7: put it in quotes, `"7"`'),
    setting('port', '0', `${port}, found the number 0`),
    setting('port', '65536', `${port}, found the number 65536`),
    setting('port', '"22"', `${port}, found the text \`22\``),
    setting('jump', '-J', `expected ${jump}, found the text \`-J\``),
    setting('jump', '"a, b"', `expected ${jump}, found the text \`a, b\``),
    setting('jump', '"a:99999"', `expected ${jump}, found the text \`a:99999\``),
    setting('jump', '"fd00::1"', `expected ${jump}, found the text \`fd00::1\``),
    setting('settings', '~/.ssh/config', fromCheckout('~/.ssh/config')),
    setting('upload', '../shop.tar', fromCheckout('../shop.tar')),
    setting('host-keys', 'none', 'expected `known` or `accept-new`, found the text `none`'),
    setting(
      'connect-timeout',
      '10',
      'expected a duration like 90s, found the number 10: write a unit, like 10s',
    ),
    setting('send-env', 'TOKEN', 'expected a list of names of variables, found the text `TOKEN`'),
    [
      'see no variable twice, and none that Rollgate sets',
      '{ hosts: [a], send-env: [A, A, ROLLGATE_SHA] }',
      '4:47  fleet.ssh.send-env[1]: `A` is named twice',
      '4:50  fleet.ssh.send-env[2]: `ROLLGATE_SHA` is reserved: Rollgate itself sets the variables that begin with ROLLGATE_',
    ],
    [
      'are printed by a command',
      '{ inventory: [web-1] }',
      '4:32  fleet.ssh.inventory: expected a command, or a mapping with `run`, found the list `["web-1"]`',
    ],
  ]

  function fromCheckout(path: string): string {
    return `expected the path of a file that stays in the checkout, found the text \`${path}\``
  }

  test.each(rows)('%s', (_rule, written, ...findings) => {
    expect(findingsIn(`    fleet: { ssh: ${written} }`)).toEqual(findings)
  })

  test.each([
    'host: 10.0.0.1',
    'host: fe80::1%eth0',
    'host: "::1"',
    'host: web_1.example.com',
    'user: _deploy.2',
    'jump: gate',
    'jump: "deploy@gate.example.com:65535,[fd00::1]:22"',
  ])('may have %s', (setting) => {
    expect(() => findingsIn(`    fleet: { ssh: { hosts: { a: { ${setting} } } } }`)).toThrow(
      'it was accepted',
    )
  })
})

describe('HAProxy', () => {
  const place = 'an absolute path or an address like 127.0.0.1:9999'
  const server = 'the name of a server: letters, digits, `.`, `_`, `:`, `-` and variables like $NAME'
  const rows: Row[] = [
    [
      'is the one way that traffic is moved',
      '{ command: {}, haproxy: { socket: /s, backend: b } }',
      '5:5  traffic: is moved in two ways: keep one of `is-alive`, `command` and `haproxy`',
    ],
    [
      'is the one way, where an instance says that it is not alive as well F31',
      '{ is-alive: { leave: bin/leave }, haproxy: { socket: /s, backend: b } }',
      '5:5  traffic: is moved in two ways: keep one of `is-alive`, `command` and `haproxy`',
    ],
    [
      'waits for nothing that was not said F31',
      '{ is-alive: { wait: 5s } }',
      '5:16  traffic.is-alive: `leave` is missing: say what has an instance answer that it is not alive',
    ],
    [
      'is somewhere, and has a backend',
      '{ haproxy: {} }',
      '5:16  traffic.haproxy: `socket` is missing: say where the runtime API listens',
      '5:16  traffic.haproxy: `backend` is missing: say which backend the instances are servers of',
    ],
    [
      'is only told of a key that was misspelt',
      '{ haproxy: { sokcet: /s, backend: b } }',
      '5:27  traffic.haproxy: unknown key `sokcet`; did you mean `socket`?',
    ],
    [
      'is at no relative path',
      '{ haproxy: { socket: run/s, backend: b } }',
      `5:35  traffic.haproxy.socket: expected ${place}, found the text \`run/s\``,
    ],
    [
      'is at a port',
      '{ haproxy: { socket: ["10.0.0.5", "10.0.0.5:0"], backend: b } }',
      `5:36  traffic.haproxy.socket[0]: expected ${place}, found the text \`10.0.0.5\``,
      `5:48  traffic.haproxy.socket[1]: expected ${place}, found the text \`10.0.0.5:0\``,
    ],
    [
      'is told at each place once',
      '{ haproxy: { socket: [/s, /s], backend: b } }',
      '5:40  traffic.haproxy.socket[1]: `/s` is named twice',
    ],
    [
      'is at no empty list of places',
      '{ haproxy: { socket: [], backend: b } }',
      `5:35  traffic.haproxy.socket: expected ${place}, or a list of them, found the list \`[]\``,
    ],
    [
      'is told of no second command in the name of a backend',
      '{ haproxy: { socket: /s, backend: "b; disable" } }',
      '5:48  traffic.haproxy.backend: expected the name of a backend: letters, digits, `.`, `_`, `:` and `-`, found the text `b; disable`',
    ],
    [
      'is told of no second command in the name of a server',
      '{ haproxy: { socket: /s, backend: b, server: "a/b" } }',
      `5:59  traffic.haproxy.server: expected ${server}, found the text \`a/b\``,
    ],
    [
      'fills in variables that have names',
      '{ haproxy: { socket: /s, backend: b, server: "a$1" } }',
      `5:59  traffic.haproxy.server: expected ${server}, found the text \`a$1\``,
    ],
    [
      'is given time',
      '{ haproxy: { socket: /s, backend: b, drain-timeout: 0s } }',
      '5:66  traffic.haproxy.drain-timeout: must be longer than nothing',
    ],
  ]
  test.each(rows)('%s', (_rule, written, ...findings) => {
    expect(findingsIn(`    fleet: { local: { instances: [a] } }\n    traffic: ${written}`)).toEqual(findings)
  })
})

test('a server of one name is no server of several instances', () => {
  const traffic = (server: string) =>
    `    fleet: { local: { instances: [a, b] } }\n    traffic: { haproxy: { socket: /s, backend: b, server: ${server} } }`
  expect(findingsIn(traffic('app'))).toEqual([
    '5:59  traffic.haproxy.server: is one name for several instances: put what differs into it, like `$ROLLGATE_INSTANCE`',
  ])
  expect(() => findingsIn(traffic('"app-$ROLLGATE_INSTANCE"'))).toThrow('it was accepted')
})

test('a host is no host and port', () => {
  expect(findingsIn('    fleet: { ssh: { hosts: { a: { host: "10.0.0.1:22" } } } }').join()).toContain(
    'expected a host name or an address, without user, port and brackets',
  )
})

describe('a test bed', () => {
  const count = 'expected a count like 3 or 25%, or a list of names'
  const rows: Row[] = [
    [
      'has more than no instance',
      '{ instances: 0 }',
      '5:28  test-bed.instances: expected a whole number, 1 or more, found the number 0',
    ],
    ['has a count', '{ instances: half }', `5:28  test-bed.instances: ${count}, found the text \`half\``],
    ['has no mapping', '{ instances: {} }', `5:28  test-bed.instances: ${count}, found an empty mapping`],
    [
      'names somebody',
      '{ instances: [] }',
      '5:28  test-bed.instances: names no instance: add one, or write a count',
    ],
    [
      'names each once',
      '{ instances: [web-1, web-1] }',
      '5:36  test-bed.instances[1]: `web-1` is named twice',
    ],
    [
      'names instances of the service',
      '{ instances: [web-3, web-1, canary] }',
      '5:29  test-bed.instances[0]: the service has no instance `web-3`; did you mean `web-1`?',
      '5:43  test-bed.instances[2]: the service has no instance `canary`: name one that is in `fleet`, or write a count',
    ],
    [
      'bakes for a time',
      '{ bake-time: 10 }',
      '5:28  test-bed.bake-time: expected a duration like 90s, found the number 10: write a unit, like 10s',
    ],
    [
      'compares something',
      '{ compare: {} }',
      '5:17  test-bed.compare: compares nothing: add `figures` or `run`',
    ],
    [
      'asks for figures',
      '{ compare: { figures: {} } }',
      '5:28  test-bed.compare.figures: asks nothing: add `http` or `run`',
    ],
    [
      'asks for figures one way',
      '{ compare: { figures: { http: http://x, run: x } } }',
      '5:28  test-bed.compare.figures: asks twice: keep `http` or `run`',
    ],
    [
      'tolerates a share',
      '{ compare: { run: x, tolerance: 0.1 } }',
      '5:47  test-bed.compare.tolerance: expected a percentage like 10%, found the number 0.1',
    ],
    [
      'has a command for what surrounds one',
      '{ compare: { figures: { http: http://x }, timeout: 5s } }',
      '5:66  test-bed.compare.timeout: belongs to `run`: add the command, or remove it',
    ],
  ]
  test.each(rows)('%s', (_rule, written, ...findings) => {
    const fleet = '    fleet: { local: { instances: { web-1: {}, web-2: {} } } }'
    expect(findingsIn(`${fleet}\n    test-bed: ${written}`)).toEqual(findings)
  })
})
