import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isRunning, signalled } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { command, listener, shellContract } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { type Process, processes } from './bed/processes.ts'
import { fleetOf, hostNamed } from './bed/ssh-recipe.ts'
import { overSsh } from './bed/ssh-story.ts'
import { type SshdFarm, startSshd } from './bed/sshd.ts'

describe.skipIf(missingParts('sshd') !== null)('a fleet over a real sshd', () => {
  let farm: SshdFarm
  beforeAll(async () => {
    farm = await startSshd({ hosts: 2 })
  })
  afterAll(() => farm.close())

  shellContract('a host over ssh', () => {
    const { fleet } = overSsh(farm)
    return { run: (...asked) => fleet.run(hostNamed('web-1'), ...asked) }
  })

  describe('a command there', () => {
    test.each([
      ['a quote of each kind', `it's "quoted" \`and\` $(touch pwned) \${HOME}`],
      ['lines', 'one\ntwo\n\n'],
      ['backslashes', String.raw`C:\new\table \\ \0101 \c ends\ `],
      ['letters of all kinds', 'Ä É ā — 日本語 🚀'],
      ['tabs, returns and blanks', '\t a \r b  '],
      ['nothing', ''],
      ['what looks like the end', '\nrun\narg x\nend'],
    ])('sees a value with %s as it is', async (_what, value) => {
      const { run } = overSsh(farm)
      const { lines } = await run('printf %s "$VALUE" | od -An -v -tx1 | tr -d " \\n"', {}, { VALUE: value })
      expect(Buffer.from(lines.join(''), 'hex').toString()).toBe(value)
      expect(existsSync(join(farm.hosts[0]?.home ?? '', 'pwned'))).toBe(false)
    })

    test('is itself taken as it is', async () => {
      const { run } = overSsh(farm)
      const { lines } = await run(String.raw`cat <<'END'
a \n \\ $HOME 'b' "c"
	Ä
END`)
      expect(lines).toEqual([String.raw`a \n \\ $HOME 'b' "c"`, '\tÄ'])
    })

    test('sees its own variables, its host and what is sent, and nothing else of this run', async () => {
      const web1 = hostNamed('web-1', { env: { PORT: '8081', WHO: 'the instance' } })
      const { run } = overSsh(farm, {
        env: { REGISTRY_TOKEN: 'sent', NOT_SENT: 'stays' },
        fleet: { instances: [web1], sendEnv: ['REGISTRY_TOKEN', 'NOT_THERE'] },
      })
      const text =
        'echo "$PORT|$WHO|$OWN|$ROLLGATE_HOST|$REGISTRY_TOKEN|$NOT_SENT|$ROLLGATE_CHECKOUT|$ROLLGATE_SHA"'
      const variables = { ROLLGATE_SHA: 'abc', ROLLGATE_CHECKOUT: '/here/only' }
      const { lines } = await run(text, { env: { OWN: 'own', WHO: 'the command' } }, variables)
      expect(lines).toEqual(['8081|the instance|own|web-1|sent|||abc'])
    })

    test('runs in its folder, relative to the home of the login', async () => {
      const { run } = overSsh(farm)
      const home = farm.hosts[0]?.home ?? ''
      mkdirSync(join(home, 'a b'), { recursive: true })
      expect((await run('pwd')).lines).toEqual([home])
      expect((await run('pwd', { workingDirectory: 'a b' })).lines).toEqual([join(home, 'a b')])
      expect((await run('pwd', { workingDirectory: '/' })).lines).toEqual(['/'])
      expect(await run('pwd', { workingDirectory: '-' })).toMatchObject({ kind: 'not-found', name: '-' })
    })

    test('runs in the shell that it names', async () => {
      const { run } = overSsh(farm)
      expect((await run('false | true; echo on', { shell: 'sh' })).lines).toEqual(['on'])
      expect(await run('false | true; echo on')).toMatchObject({ kind: 'exited', code: 1, lines: [] })
      expect((await run('words', { shell: 'cat {0}' })).lines).toEqual(['words'])
      const missing = { kind: 'not-found', name: 'no-such-shell' }
      expect(await run('words', { shell: 'no-such-shell {0}' })).toMatchObject(missing)
    })

    test('has its secrets masked, and those of the run', async () => {
      const { run } = overSsh(farm, { secrets: ['correct-horse-battery'] })
      const ran = await run('echo "password $SECRET"', {}, { SECRET: 'correct-horse-battery' })
      expect(ran).toMatchObject({ lines: ['password ***'], tail: ['password ***'] })
    })

    test('is heard whole, however much it says', async () => {
      const { run } = overSsh(farm)
      const ran = await run('seq -f "%063.0f" 1 16384; printf "no newline"')
      expect(ran.lines).toHaveLength(16_385)
      expect(ran.lines.slice(0, -1).every((line, at) => Number(line) === at + 1)).toBe(true)
      expect(ran.lines.at(-1)).toBe('no newline')
    })

    test('waits while another one runs on the same host, and not for one elsewhere', async () => {
      const { run, runOn } = overSsh(farm)
      const said: string[] = []
      const say = (what: string) => () => void said.push(what)
      const first = run('until [ -e go ]; do sleep 0.02; done; rm go').then(say('first'))
      const second = run('true').then(say('second'))
      await runOn('web-2', 'true').then(say('elsewhere'))
      writeFileSync(join(farm.hosts[0]?.home ?? '', 'go'), '', { mode: 0o666 })
      await Promise.all([first, second])
      expect(said).toEqual(['elsewhere', 'first', 'second'])
    })

    test('that waits for its turn can be stopped', async () => {
      const { run, fleet } = overSsh(farm)
      const abort = new AbortController()
      const first = run('until [ -e go ]; do sleep 0.02; done; rm go')
      const second = fleet.run(hostNamed('web-1'), command('echo ran'), {}, listener(abort.signal))
      abort.abort()
      expect(await second).toEqual({ kind: 'stopped', tail: [] })
      writeFileSync(join(farm.hosts[0]?.home ?? '', 'go'), '', { mode: 0o666 })
      expect(await first).toMatchObject({ kind: 'exited', code: 0 })
    })
  })

  describe('a command that is ended early', () => {
    test('takes its grandchildren with it', async () => {
      const { run } = overSsh(farm)
      const ran = await run('bash -c "sleep 60 & echo \\$!; wait"', { timeout: 300 })
      expect(ran).toMatchObject({ kind: 'timed-out', after: 300 })
      expect(isRunning(printedPid(ran.lines))).toBe(false)
    })

    test('may clean up first', async () => {
      const { run } = overSsh(farm)
      const ran = await run('trap "echo cleaned; exit 0" TERM\nsleep 60 & wait', { timeout: 300 })
      expect(ran).toMatchObject({ kind: 'timed-out', lines: ['cleaned'] })
    })

    test('is killed when it does not listen, two seconds later', async () => {
      const { run } = overSsh(farm)
      const began = performance.now()
      const ran = await run('trap "" TERM\necho $$\nwhile true; do sleep 0.1; done', { timeout: 200 })
      expect(ran.kind).toBe('timed-out')
      expect(isRunning(printedPid(ran.lines))).toBe(false)
      expect(performance.now() - began).toBeGreaterThan(2200)
    })

    test('is killed with a grandchild that neither listens nor holds its output', async () => {
      const { run } = overSsh(farm)
      const deaf = `bash -c 'trap "" TERM; echo $$ >&3; while true; do sleep 0.1; done' 3>&1 >/dev/null 2>&1`
      const ran = await run(`${deaf} & sleep 0.2; wait`, { timeout: 2_000 })
      const grandchild = printedPid(ran.lines)
      expect(ran.kind).toBe('timed-out')
      await eventually('the grandchild has ended', () => !isRunning(grandchild))
    })

    test('by an abort ends with its group, and the next one runs', async () => {
      const { run, fleet } = overSsh(farm)
      const abort = new AbortController()
      const watch = listener(abort.signal)
      const finished = fleet.run(hostNamed('web-1'), command('sleep 60 & echo $!; wait'), {}, watch)
      await eventually('the pid is printed', () => watch.lines.length > 0)
      abort.abort()
      expect(await finished).toMatchObject({ kind: 'stopped' })
      expect(isRunning(printedPid(watch.lines))).toBe(false)
      expect((await run('echo next')).lines).toEqual(['next'])
    })
  })

  describe('a daemon that a command leaves behind', () => {
    test.each([
      ['holds the output open', 'sleep 60 & echo $!'],
      [
        'goes on writing there',
        '(trap "" PIPE; while true; do echo noise || true; sleep 0.02; done) & echo $!',
      ],
    ])('and that %s does not hold the command up, and is not heard by the next ones', async (_what, text) => {
      const { run } = overSsh(farm)
      const began = performance.now()
      const ran = await run(text)
      const daemon = printedPid(ran.lines)
      expect(ran).toMatchObject({ kind: 'exited', code: 0 })
      expect(performance.now() - began).toBeLessThan(4000)
      for (const word of ['next', 'last']) expect((await run(`echo ${word}`)).lines).toEqual([word])
      expect(isRunning(daemon)).toBe(true)
    })

    test('and that holds nothing is not waited for, and lives on when the fleet is closed', async () => {
      const { run, control } = overSsh(farm)
      const daemon = printedPid((await run('sleep 60 >/dev/null 2>&1 & echo $!')).lines)
      await control.fleets.close()
      expect(isRunning(daemon)).toBe(true)
    })
  })

  describe('a fleet', () => {
    test('asks an address from here, and a command there, whose stderr is no answer F21', async () => {
      const { fleet } = overSsh(farm)
      const { signal } = new AbortController()
      const there = {
        kind: 'run',
        command: command('echo "$ROLLGATE_HOST"; test "$ROLLGATE_HOST" = web-2'),
      } as const
      expect(await fleet.ask(hostNamed('web-2'), there, {}, signal)).toEqual({ kind: 'yes', text: 'web-2\n' })
      expect(await fleet.ask(hostNamed('web-1'), there, {}, signal)).toMatchObject({
        kind: 'no',
        why: 'exited with 1',
      })
      const warns = { kind: 'run', command: command('echo deprecated >&2; echo v1.1.0') } as const
      const said = { kind: 'yes', text: 'v1.1.0\n', said: 'deprecated\n' }
      expect(await fleet.ask(hostNamed('web-2'), warns, {}, signal)).toEqual(said)
      const here = { kind: 'http', url: 'http://127.0.0.1:1/$ROLLGATE_HOST', timeout: 1000 } as const
      expect(await fleet.ask(hostNamed('web-1'), here, {}, signal)).toMatchObject({ kind: 'absent' })
    })

    test('opens one connection a host, for all services and ahead of its commands', async () => {
      const { prepare, run, control } = overSsh(farm)
      await Promise.all([prepare('web-1'), prepare('web-1'), run('true')])
      const another = control.fleets.fleet(fleetOf(farm))
      await another.run(hostNamed('web-1'), command('true'), {}, listener())
      expect(control.groups().match(/^\+ \d+ /gm)).toHaveLength(1)
      expect(mastersOf(farm)).toHaveLength(1)
    })

    test('that is closed leaves no process, no socket and no folder', async () => {
      const { run, runOn, control } = overSsh(farm)
      await Promise.all([run('true'), runOn('web-2', 'true')])
      const [socket = ''] = mastersOf(farm).map(({ words }) => /ControlPath=(\S+)/.exec(words)?.[1] ?? '')
      expect(existsSync(socket)).toBe(true)
      const boxes = boxesOf(farm)
      expect(boxes).toHaveLength(2)
      await control.fleets.close()
      expect(mastersOf(farm)).toEqual([])
      expect(existsSync(dirname(socket))).toBe(false)
      expect(boxes.filter((box) => existsSync(box))).toEqual([])
      expect(control.groups()).toBe('')
    })

    test('that is closed in the middle of a command ends it', async () => {
      const { fleet, control } = overSsh(farm)
      const watch = listener()
      const finished = fleet.run(hostNamed('web-1'), command('sleep 60 & echo $!; wait'), {}, watch)
      await eventually('the pid is printed', () => watch.lines.length > 0)
      await control.fleets.close()
      // The host may or may not have reported how the command ended.
      expect(['signalled', 'unreachable']).toContain((await finished).kind)
      await eventually('the child has ended', () => !isRunning(Number(watch.lines[0])))
      await eventually('its folder is gone there', () => boxesOf(farm).length === 0)
    })

    test('leaves nothing running, there or here, when its run is killed', async () => {
      await eventually('nothing is left of those before', () => boxesOf(farm).length === 0)
      const recipe = JSON.stringify(fleetOf(farm))
      const text = 'trap "" TERM; sleep 60 & echo $!; while true; do sleep 0.1; done'
      const env = { ...process.env, TMPDIR: farm.folder }
      const run = spawn(process.execPath, ['test/real/bed/hold-a-fleet.ts', recipe, text], { env })
      let said = ''
      run.stdout.on('data', (bytes) => {
        said += bytes
      })
      await eventually('the pid is printed', () => said.includes('\n'))
      const child = printedPid(said.split('\n'))
      expect(boxesOf(farm)).toHaveLength(1)
      run.kill('SIGKILL')
      await eventually('the child has ended', () => !isRunning(child))
      await eventually('ssh has ended', () => mastersOf(farm).length === 0)
      await eventually('its folder is gone there', () => boxesOf(farm).length === 0)
    })

    test('leaves the way through another host to the settings', async () => {
      const settings = join(farm.folder, 'with-jump')
      const jump = `Host inner\n  HostName ${farm.hosts[1]?.address}\n  ProxyJump web-1\n`
      writeFileSync(settings, jump + readFileSync(farm.settings, 'utf8'))
      const { run } = overSsh(farm, { fleet: { settings, instances: [hostNamed('inner')] } })
      expect((await run('pwd')).lines).toEqual([farm.hosts[1]?.home])
      expect(hopsOf(farm)).toHaveLength(1)
    })

    test('goes through another host that the config names', async () => {
      const { run } = overSsh(farm, { fleet: { jump: 'web-1', instances: [hostNamed('web-2')] } })
      expect((await run('pwd')).lines).toEqual([farm.hosts[1]?.home])
      expect(hopsOf(farm)).toHaveLength(1)
    })
  })
})

/** The pid that a command printed as its only number on a line; that process is ended with the test at the latest. */
function printedPid(lines: readonly string[]): number {
  const pid = Number(lines.find((line) => /^\d+$/.test(line)))
  expect(pid).toBeGreaterThan(1)
  onTestFinished(() => void (isRunning(pid) && signalled(pid, 'SIGKILL')))
  return pid
}

const mastersOf = ({ folder }: SshdFarm): Process[] =>
  processes().filter(({ words }) => words.startsWith('ssh ') && words.includes(folder))

/** Connections that only forward to another host. */
const hopsOf = (farm: SshdFarm): Process[] =>
  mastersOf(farm).filter(({ words }) => words.includes(' -W ') && !words.includes('ProxyCommand='))

/** The folders of drivers on its hosts. */
const boxesOf = ({ hosts }: SshdFarm): string[] =>
  hosts.flatMap(({ temp }) => readdirSync(temp).map((name) => join(temp, name)))
