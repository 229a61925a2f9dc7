import { describe, expect, test } from 'vitest'
import { readInventory } from '../../src/inputs/config/inventory.ts'
import { anSshFleet } from '../domain/a-plan.ts'
import { problemOf } from './config.fixture.ts'

const fleet = anSshFleet([], { user: 'deploy' })
const asked = { service: 'web', command: 'bin/hosts' }
const read = (text: string) => readInventory(text, fleet, asked)
const bare = (name: string) => ({ name, host: name, user: null, port: null, jump: null, env: {} })

describe('the output of an inventory', () => {
  test.each([
    ['a name on each line', 'web-1\nweb-2\n'],
    ['one with blank lines, remarks and the line ends of Windows', '# of today\r\n\r\n  web-1\r\nweb-2'],
    ['a list', '- web-1\n- web-2\n'],
    ['a list after the beginning of a document', '---\n- web-1\n- web-2\n'],
    ['a list in JSON', '["web-1", "web-2"]'],
    ['a mapping', 'web-1: {}\nweb-2: {}\n'],
    ['a mapping in JSON', '{\n  "web-1": {},\n  "web-2": {}\n}\n'],
  ])('may be %s', (_form, text) => {
    expect(read(text)).toEqual({ ...fleet, instances: [bare('web-1'), bare('web-2')] })
  })

  test('may be a single host, even one whose name is a number', () => {
    expect(read('7\n').instances).toEqual([bare('7')])
  })

  test('may say of each host what a config may say, and keeps their order', () => {
    expect(read('2: { host: 10.0.0.2, port: 2222, env: { PORT: 80 } }\n1: {}\n').instances).toEqual([
      { name: '2', host: '10.0.0.2', user: null, port: 2222, jump: null, env: { PORT: '80' } },
      bare('1'),
    ])
  })
})

describe('invalid output of an inventory', () => {
  test.each(['', '\n \n', '# nobody today\n', '---\n', '[]', '{}'])('%j, for that is no host', (text) => {
    expect(problemOf(() => read(text)).words).toEqual({
      code: 'inventory-invalid',
      what: 'The inventory of web, `bin/hosts`, printed no host.',
      why: 'It prints one name a line, or YAML or JSON in the form that `fleet.ssh.hosts` takes, and nothing else.',
      next: 'Run the command by hand, correct what it prints, and run again.',
    })
  })

  const letters = 'is not a name: use letters, digits, `.`, `_` and `-`, and begin with a letter or digit'

  test.each([
    ['a host twice', 'web-1\n\nweb-1\n', 'line 3, hosts[1]: `web-1` is named twice'],
    [
      'a key twice',
      '{"a": {},\n "a": {}}',
      'line 2, hosts: the key `"a"` is written twice: keep one of them',
    ],
    ['words', 'web-1\nError: no access\n', `line 2, hosts[1]: \`Error: no access\` ${letters}`],
    ['an option', '-oProxyCommand=x', `line 1, hosts[0]: \`-oProxyCommand=x\` ${letters}`],
    ['other settings', 'a:\n  hots: b\n', 'line 2, hosts.a: unknown key `hots`; did you mean `host`?'],
    [
      'a bad port',
      'a:\n  port: x\n',
      'line 2, hosts.a.port: expected a port between 1 and 65535, found the text `x`',
    ],
    [
      'half of a mapping',
      '{"a": {',
      'line 1, hosts: the bracket { that opens here is not closed: close it, or put the value in quotes',
    ],
  ])('%s', (_what, text, line) => {
    const { code, what } = problemOf(() => read(text)).words
    expect(code).toBe('inventory-invalid')
    expect(what).toBe(`The inventory of web, \`bin/hosts\`, printed what cannot be read as hosts:\n${line}`)
  })

  test('more mistakes than a person reads', () => {
    const { what } = problemOf(() => read('- -\n'.repeat(30)))
    const lines = what.split('\n')
    expect(lines).toHaveLength(12)
    expect(lines.at(-1)).toBe('and 20 more')
  })
})
