import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProcessGroups, endLeftoverGroups } from '../../src/adapters/shell/leftovers.ts'
import {
  type Destination,
  masterCommand,
  sharedCommand,
  wordLikeAnOption,
} from '../../src/adapters/ssh/commands.ts'
import { createControlFolder } from '../../src/adapters/ssh/control-folder.ts'
import { createReplyReader } from '../../src/adapters/ssh/replies.ts'
import { createRequests } from '../../src/adapters/ssh/requests.ts'
import { failureBy, lossIn, troubleIn } from '../../src/adapters/ssh/trouble.ts'
import { scratch } from './real-shell.ts'

const plain: Destination = {
  host: 'web-1',
  user: null,
  port: null,
  jump: null,
  settings: null,
  hostKeys: 'known',
  connectTimeout: 10_000,
}

describe("ssh's words", () => {
  test('leave to the settings what the config does not say', () => {
    const words = masterCommand(plain, '/tmp/s').join(' ')
    expect(words).toMatch(/^ssh (?:-o \w+=\S+ )+-- web-1 exec sh -s$/)
    expect(words).toContain('-o BatchMode=yes -o ConnectTimeout=10 -o StrictHostKeyChecking=yes')
    expect(words).toContain('-o ControlMaster=yes -o ControlPath=/tmp/s -o ControlPersist=no')
    expect(words).not.toMatch(/Algorithms|Ciphers|MACs|KnownHosts|Identity/)
  })

  test('say what the config does', () => {
    const settings = {
      user: 'deploy',
      port: 2222,
      jump: 'bastion:22',
      settings: '.github/ssh',
      connectTimeout: 1001,
    }
    const words = masterCommand({ ...plain, ...settings, hostKeys: 'accept-new' }, '/tmp/100%/s').join(' ')
    expect(words).toContain(' -F .github/ssh -l deploy -p 2222 -o ProxyCommand=ssh ')
    expect(words).toContain(" -F .github/ssh -p 22 -W '[%h]:%p' -- bastion -- web-1 ")
    expect(words).not.toContain(' -J ')
    expect(words).toContain(' -o ConnectTimeout=2 -o StrictHostKeyChecking=accept-new ')
    expect(words).toContain(' -o ControlPath=/tmp/100%%/s ')
  })

  test('hand the options of a destination on to each host on the way F30', () => {
    const jump = 'gate@bastion.example.com:22,[fd00::1]:2200'
    const words = masterCommand({ ...plain, jump, hostKeys: 'accept-new', connectTimeout: 3000 }, '/tmp/s')
    const second = words.find((word) => word.startsWith('ProxyCommand='))?.slice('ProxyCommand='.length) ?? ''
    expect(second).toMatch(
      /^ssh .*-o StrictHostKeyChecking=accept-new .*-p 2200 .*-W '\[%h\]:%p' -- fd00::1$/,
    )
    expect(second).toContain('-o BatchMode=yes -o ConnectTimeout=3 ')
    const first = /'(ProxyCommand=ssh .*)' -W/.exec(second)?.[1] ?? ''
    expect(first).toMatch(/-o StrictHostKeyChecking=accept-new .*-l gate -p 22 -W/)
    // Each ssh takes one percent sign, and each shell one layer of quotes.
    expect(first).toContain(String.raw`-W '\''[%%h]:%%p'\'' -- bastion.example.com`)
  })

  test('never open a shared connection for a second command', () => {
    expect(sharedCommand(plain, '/tmp/s', 'cat > x')).toEqual(
      expect.arrayContaining(['ControlMaster=no', 'ControlPath=/tmp/s', '--', 'web-1', 'cat > x']),
    )
  })

  test.each([
    [{ host: '-oA' }, '-oA'],
    [{ user: '-l' }, '-l'],
    [{ jump: 'a,-oA' }, '-oA'],
    [{ jump: 'me@-oA' }, '-oA'],
    [{ jump: 'me@a-b:22', user: 'a-b', host: 'a-b' }, null],
  ])('are told from options in %j', (rest, word) => {
    expect(wordLikeAnOption({ ...plain, ...rest })).toBe(word)
  })
})

test('a request is one line a value, and what the driver knows already is not said again', () => {
  const inWords = createRequests()
  const request = {
    argv: ['sh', '/box/script'],
    env: { A: 'x\ny\\n' },
    folder: '-',
    script: 'one\ntwo',
    last: false,
    apart: false,
  }
  const whole = [
    'anew',
    'folder ./-',
    String.raw`arg A=x\ny\\n`,
    'arg sh',
    'arg /box/script',
    String.raw`script one\ntwo`,
    'run',
    '',
  ]
  expect(inWords(request).split('\n')).toEqual(whole)
  expect(inWords({ ...request, script: 'three' }).split('\n')).toEqual(['script three', 'run', ''])
  expect(inWords({ ...request, last: true }).split('\n')).toEqual([String.raw`script one\ntwo`, 'last', ''])
  expect(inWords({ ...request, env: {} }).split('\n')).toEqual(whole.toSpliced(2, 1))
  expect(inWords(request).split('\n')).toEqual(whole)
  expect(inWords({ ...request, apart: true }).split('\n')).toEqual(whole.toSpliced(1, 0, 'apart'))
})

describe('replies', () => {
  const stream =
    'abc' + 'N0nce started\n' + 'one\ntwo N0nceN0nce exited 3\n' + 'late\nN0nce box /tmp/a b\nN0nc'

  function read(pieces: readonly string[]) {
    let output = ''
    const replies: object[] = []
    const take = createReplyReader('N0nce', {
      output: (bytes) => {
        output += Buffer.from(bytes).toString()
      },
      reply: (reply) => replies.push(reply),
    })
    for (const piece of pieces) take(Buffer.from(piece))
    return { output, replies }
  }

  test.each([1, 2, 3, 7, 1000])('are told from output, in pieces of %d bytes', (size) => {
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
      stream.slice(at * size, (at + 1) * size),
    )
    expect(read(pieces)).toEqual({
      output: 'abcone\ntwo N0ncelate\n',
      replies: [{ kind: 'started' }, { kind: 'exited', code: 3 }, { kind: 'box', path: '/tmp/a b' }],
    })
  })

  test('do not hold a line back that has ended', () => {
    expect(read(['a line\n'])).toEqual({ output: 'a line\n', replies: [] })
  })
})

describe('the words of ssh', () => {
  test.each([
    ['key-changed', '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @'],
    ['key-unknown', 'No ED25519 host key is known for web-1 and you have requested strict checking.'],
    ['key-unknown', 'Host key verification failed.'],
    ['refused', 'deploy@web-1: Permission denied (publickey,password).'],
    ['refused', 'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures'],
    ['unreachable', 'ssh: connect to host web-1 port 22: Connection refused'],
  ])('means %s: %s', (kind, line) => {
    expect(troubleIn(['before', line], 'nothing').kind).toBe(kind)
  })

  const closed = [
    'kex_exchange_identification: Connection closed by remote host',
    'Connection closed by UNKNOWN port 65535',
  ]

  test.each([
    [
      'key-unknown',
      'gate',
      [
        'No ED25519 host key is known for gate and you have requested strict checking.',
        'Host key verification failed.',
      ],
    ],
    [
      'key-changed',
      '[10.0.0.9]:22',
      [
        '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
        'Host key for [10.0.0.9]:22 has changed and you have requested strict checking.',
        'Host key verification failed.',
      ],
    ],
    ['refused', 'gate', ['me@gate: Permission denied (publickey).']],
    ['unreachable', 'gate', ['ssh: connect to host gate port 22: Connection refused']],
    ['unreachable', 'gate', ['ssh: Could not resolve hostname gate: Name or service not known']],
  ])('means %s of the host on the way, where it ends the way: %s F30', (kind, hop, said) => {
    const trouble = troubleIn([...said, ...closed], 'nothing')
    expect(trouble).toMatchObject({ kind, hop })
    expect(failureBy(trouble, 'web-1').what).toContain(`${hop}, on the way to web-1, `)
    expect(troubleIn(said, 'nothing')).not.toHaveProperty('hop')
  })

  test('blames the destination for what the host on the way says of it F30', () => {
    const said = [
      'channel 0: open failed: connect failed: Connection refused',
      'stdio forwarding failed',
      ...closed,
    ]
    expect(troubleIn(said, 'nothing')).toEqual({
      kind: 'unreachable',
      why: 'the host on the way there cannot reach it',
      lines: said,
    })
    expect(troubleIn(closed, 'nothing')).toEqual({
      kind: 'unreachable',
      why: 'Connection closed by UNKNOWN port 65535',
      lines: closed,
    })
  })

  test('gives no advice that is followed already F30', () => {
    const unknown = troubleIn(['Host key verification failed.'], '')
    expect(failureBy(unknown, 'web-1').next).toContain('host-keys: accept-new')
    expect(failureBy(unknown, 'web-1', 'accept-new').next).not.toContain('accept-new')
    const before = troubleIn(
      ['No ED25519 host key is known for gate and you', 'Host key verification failed.', ...closed],
      '',
    )
    expect(failureBy(before, 'web-1', 'accept-new').next).toMatch(/name the way by `jump`/)
  })

  test('is told with what a person can do about it', () => {
    const refused = troubleIn(['deploy@web-1: Permission denied (publickey).'], 'nothing')
    expect(failureBy(refused, 'web-1 (10.0.0.1)')).toMatchObject({
      code: 'host-refused',
      what: 'web-1 (10.0.0.1) refused the login of deploy.',
      next: expect.stringContaining('agent'),
    })
    expect(failureBy(troubleIn([], 'no shell answered within 12 s'), 'web-1').what).toBe(
      'web-1 could not be reached: no shell answered within 12 s.',
    )
    expect(failureBy(lossIn(['client_loop: send disconnect: Broken pipe']), 'web-1').what).toBe(
      'The connection to web-1 broke: client_loop: send disconnect: Broken pipe. The command may still be at work there.',
    )
  })
})

describe('the folder of sockets', () => {
  const rememberedIn = (file = join(scratch(), 'groups')) => createProcessGroups(file)

  test('gives out a path once, and is removed with all that is in it', () => {
    const folder = createControlFolder(rememberedIn(), scratch())
    const paths = [folder.next(), folder.next()]
    expect(new Set(paths).size).toBe(2)
    folder.remove()
    expect(() => mkdtempSync(join(dirname(paths[0] ?? ''), 'x'))).toThrow('ENOENT')
  })

  test('is removed by whoever comes after a run that was killed, and forgotten when it is not there any more', async () => {
    const file = join(scratch(), 'groups')
    const path = createControlFolder(rememberedIn(file), scratch()).next()
    writeFileSync(path, '')
    await endLeftoverGroups(file)
    expect(existsSync(dirname(path))).toBe(false)

    const folder = createControlFolder(rememberedIn(file), scratch())
    folder.next()
    folder.remove()
    expect(readFileSync(file, 'utf8')).toBe('')
  })

  test('is somewhere else when the usual place is too deep for a socket', () => {
    const folder = createControlFolder(rememberedIn(), join('/tmp', 'x'.repeat(80)))
    const path = folder.next()
    expect(path.length + 17).toBeLessThanOrEqual(104)
    folder.remove()
  })
})
