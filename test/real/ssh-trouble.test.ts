import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { hostNamed } from './bed/ssh-recipe.ts'
import { overSsh } from './bed/ssh-story.ts'
import { type SshdFarm, type SshdHost, startSshd } from './bed/sshd.ts'

describe.skipIf(missingParts('sshd') !== null)('trouble with hosts over a real sshd', () => {
  let farm: SshdFarm
  let first: SshdHost
  beforeEach(async () => {
    farm = await startSshd({ hosts: 3 })
    onTestFinished(() => farm.close())
    const [host] = farm.hosts
    if (host === undefined) throw new Error('a farm without hosts')
    first = host
  })

  const refused = { kind: 'unreachable' }

  test('a host that is down is named, with what ssh says, and the others do their work', async () => {
    await first.kill()
    const { prepare, run, runOn } = overSsh(farm)
    const [failure, ...others] = await Promise.all([
      prepare('web-1'),
      runOn('web-2', 'echo two'),
      runOn('web-3', 'echo three'),
    ])
    expect(failure).toMatchObject({
      code: 'host-unreachable',
      what: expect.stringMatching(/^web-1 could not be reached: connect to host .* Connection refused\.$/),
      tail: [expect.stringContaining('Connection refused')],
      next: expect.any(String),
    })
    expect(others.map(({ lines }) => lines)).toEqual([['two'], ['three']])
    expect(await run('true')).toMatchObject({ ...refused, failure: { code: 'host-unreachable' }, tail: [] })
  })

  test('a host that takes the connection and says nothing is given up in time', async () => {
    first.freeze()
    const { prepare, runOn } = overSsh(farm, { fleet: { connectTimeout: 1000 } })
    const began = performance.now()
    const [failure, other] = await Promise.all([prepare('web-1'), runOn('web-2', 'echo two')])
    expect(performance.now() - began).toBeLessThan(6000)
    expect(failure).toMatchObject({ code: 'host-unreachable' })
    expect(other.lines).toEqual(['two'])
    first.thaw()
    expect(await prepare('web-1')).toBe(null)
  })

  test('a host that cannot be found is said to be so', async () => {
    const instances = [hostNamed('web-9', { host: 'no-such-host.invalid' })]
    expect(await overSsh(farm, { fleet: { instances } }).prepare('web-9')).toMatchObject({
      code: 'host-unreachable',
      what: expect.stringMatching(/^web-9 \(no-such-host\.invalid\) could not be reached: Could not resolve/),
    })
  })

  test('an abort does not wait for a host that says nothing', async () => {
    first.freeze()
    const { fleet } = overSsh(farm)
    const abort = new AbortController()
    const prepared = fleet.prepare(hostNamed('web-1'), {}, listener(abort.signal))
    const ran = fleet.run(hostNamed('web-1'), command('true'), {}, listener(abort.signal))
    abort.abort()
    expect(await prepared).toMatchObject({ code: 'interrupted' })
    expect(await ran).toEqual({ kind: 'stopped', tail: [] })
  })

  test('a host that dies in the middle of a command is lost with what it said, and reached anew later', async () => {
    const { fleet, run } = overSsh(farm)
    const watch = listener()
    const finished = fleet.run(hostNamed('web-1'), command('echo begun; sleep 60'), {}, watch)
    await eventually('it has begun', () => watch.lines.length > 0)
    await first.kill()
    expect(await finished).toMatchObject({
      kind: 'unreachable',
      failure: { code: 'host-unreachable', what: expect.stringMatching(/^The connection to web-1 broke: /) },
      tail: ['begun'],
    })
    await first.start()
    expect(await run('echo again')).toMatchObject({ kind: 'exited', code: 0, lines: ['again'] })
  })

  test('a command on a frozen host is given up without a known end; once the host is back nothing of it is left CC-25', async () => {
    const { fleet, run } = overSsh(farm)
    const watch = listener()
    const text = 'echo $$ >pid; echo begun; exec sleep 60'
    const finished = fleet.run(hostNamed('web-1'), command(text, { timeout: 500 }), {}, watch)
    await eventually('it has begun', () => watch.lines.length > 0)
    first.freeze()
    expect(await finished).toEqual({ kind: 'timed-out', after: 500, tail: ['begun'], unconfirmed: true })
    first.thaw()
    const pid = readFileSync(join(first.home, 'pid'), 'utf8').trim()
    await eventually('its command is ended there', () => !existsSync(`/proc/${pid}`))
    expect((await run('echo again')).lines).toEqual(['again'])
  })

  test('a host whose key is not known is refused, or believed where the config says so', async () => {
    writeFileSync(farm.knownHosts, '')
    expect(await overSsh(farm).prepare('web-1')).toMatchObject({
      code: 'host-key-unknown',
      what: 'web-1 showed a host key that is not known here.',
      tail: expect.arrayContaining([expect.stringContaining('Host key verification failed')]),
    })
    expect(await overSsh(farm, { fleet: { hostKeys: 'accept-new' } }).prepare('web-1')).toBe(null)
    expect(readFileSync(farm.knownHosts, 'utf8')).toContain(first.address)
  })

  test('a host on the way is believed as the destination is, and its key is its own F30', async () => {
    const instances = [hostNamed('web-2', { jump: 'web-1' }), hostNamed('web-3', { jump: 'web-1,web-2' })]
    const known = readFileSync(farm.knownHosts, 'utf8')
    writeFileSync(farm.knownHosts, known.split('\n').slice(1).join('\n'))
    expect(await overSsh(farm, { fleet: { instances } }).prepare('web-2')).toMatchObject({
      code: 'host-key-unknown',
      what: expect.stringMatching(
        /^\S*127\.0\.1\.1\S*, on the way to web-2, showed a host key that is not known here\.$/,
      ),
    })
    writeFileSync(farm.knownHosts, '')
    const { prepare, runOn } = overSsh(farm, { fleet: { instances, hostKeys: 'accept-new' } })
    expect(await prepare('web-2')).toBe(null)
    expect((await runOn('web-3', 'echo three')).lines).toEqual(['three'])
    const accepted = readFileSync(farm.knownHosts, 'utf8')
    for (const { address } of farm.hosts) expect(accepted).toContain(`[${address}]:`)
    await first.swapKey()
    expect(
      await overSsh(farm, { fleet: { instances, hostKeys: 'accept-new' } }).prepare('web-2'),
    ).toMatchObject({
      code: 'host-key-changed',
      what: expect.stringContaining(', on the way to web-2, showed another host key'),
    })
  })

  test('a host on the way that is down or refuses is the one that is named F30', async () => {
    const instances = [hostNamed('web-2', { jump: 'web-1' })]
    first.refuse()
    expect(await overSsh(farm, { fleet: { instances } }).prepare('web-2')).toMatchObject({
      code: 'host-refused',
      what: expect.stringMatching(/^\S+, on the way to web-2, refused the login/),
    })
    await first.kill()
    expect(await overSsh(farm, { fleet: { instances } }).prepare('web-2')).toMatchObject({
      code: 'host-unreachable',
      what: expect.stringMatching(
        /^\S+, on the way to web-2, could not be reached: connect to host .* refused\.$/,
      ),
    })
  })

  test('a key on the way that ssh’s own settings lead over is not said to need the setting that is set F30', async () => {
    const settings = join(farm.folder, 'with-jump')
    const jump = `Host inner\n  HostName ${farm.hosts[1]?.address}\n  ProxyJump web-1\n`
    writeFileSync(settings, jump + readFileSync(farm.settings, 'utf8'))
    writeFileSync(farm.knownHosts, '')
    const fleet = { settings, hostKeys: 'accept-new', instances: [hostNamed('inner')] } as const
    expect(await overSsh(farm, { fleet }).prepare('inner')).toMatchObject({
      code: 'host-key-unknown',
      what: expect.stringContaining(', on the way to inner, '),
      next: expect.stringContaining('name the way by `jump`'),
    })
  })

  test('ssh sees nothing that commands are given of secrets, nor what leads git elsewhere', async () => {
    const settings = join(farm.folder, 'telling')
    const tell = `Match exec "env >${farm.folder}/seen"\n`
    writeFileSync(settings, tell + readFileSync(farm.settings, 'utf8'))
    const given = { DATABASE_URL: 'postgres://secret', PATH: '/nowhere' }
    const env = { GIT_DIR: '/elsewhere', ROLLGATE_ENV: 'DATABASE_URL=postgres://secret', REGION: 'EU' }
    const { run } = overSsh(farm, { given, env, fleet: { settings, sendEnv: ['DATABASE_URL'] } })
    expect((await run('echo "$DATABASE_URL"')).lines).toEqual([given.DATABASE_URL])
    const seen = readFileSync(join(farm.folder, 'seen'), 'utf8')
    expect(seen).toContain('REGION=EU')
    expect(seen).not.toMatch(/postgres|GIT_DIR|ROLLGATE_ENV|PATH=\/nowhere/)
  })

  test.each(['known', 'accept-new'] as const)(
    'a host whose key has changed is refused: %s',
    async (hostKeys) => {
      await first.swapKey()
      const { prepare, runOn } = overSsh(farm, { fleet: { hostKeys } })
      expect(await prepare('web-1')).toMatchObject({
        code: 'host-key-changed',
        what: 'web-1 showed another host key than the one that is known here.',
      })
      expect((await runOn('web-2', 'echo two')).lines).toEqual(['two'])
    },
  )

  test('a host that refuses the login says of whom', async () => {
    first.refuse()
    const story = overSsh(farm)
    expect(await story.prepare('web-1')).toMatchObject({
      code: 'host-refused',
      what: `web-1 refused the login of ${farm.user}.`,
      tail: [expect.stringContaining('Permission denied')],
    })
    first.admit()
    expect(await story.prepare('web-1')).toBe(null)
  })

  test.each([
    ['host', hostNamed('web-1', { host: '-oProxyCommand=touch pwned' })],
    ['user', hostNamed('web-1', { user: '-oProxyCommand=touch pwned' })],
    ['jump', hostNamed('web-1', { jump: '-oProxyCommand=touch pwned' })],
    ['jump behind a user', hostNamed('web-1', { jump: 'web-2,me@-oProxyCommand=touch pwned' })],
  ])('a %s that begins with a dash is no option', async (_what, host) => {
    const { prepare, control } = overSsh(farm, { fleet: { instances: [host] } })
    expect(await prepare('web-1')).toMatchObject({ code: 'host-unreachable' })
    expect(existsSync(join(control.checkout, 'pwned'))).toBe(false)
  })

  test('without an ssh here it is said so', async () => {
    const { prepare } = overSsh(farm, { env: { PATH: '/nonexistent' } })
    expect(await prepare('web-1')).toMatchObject({ code: 'command-not-found' })
  })
})
