import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createProcessGroups, endLeftoverGroups } from '../../src/adapters/shell/leftovers.ts'
import { isRunning, signalled } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { realShell, scratch } from './real-shell.ts'

/** The pid that a command printed as its only number on a line; that process is ended with the test at the latest. */
function printedPid(lines: readonly string[]): number {
  const pid = Number(lines.find((line) => /^\d+$/.test(line)))
  expect(pid).toBeGreaterThan(1)
  onTestFinished(() => void (isRunning(pid) && signalled(pid, 'SIGKILL')))
  return pid
}

describe('a command that is ended early', () => {
  test('takes its grandchildren with it', async () => {
    const ran = await realShell().run('bash -c "sleep 60 & echo \\$!; wait"', { timeout: 300 })
    const grandchild = printedPid(ran.lines)
    expect(ran).toMatchObject({ kind: 'timed-out', after: 300 })
    await eventually('the grandchild has ended', () => !isRunning(grandchild))
  })

  test('may clean up first', async () => {
    const { run } = realShell()
    const ran = await run('trap "echo cleaned; exit 0" TERM\nsleep 60 & wait', { timeout: 300 })
    expect(ran).toMatchObject({ kind: 'timed-out', lines: ['cleaned'] })
  })

  test('is killed when it does not listen, two seconds later', async () => {
    const { run, groups } = realShell()
    const began = performance.now()
    const ran = await run('trap "" TERM\necho $$\nwhile true; do sleep 0.1; done', { timeout: 200 })
    expect(ran.kind).toBe('timed-out')
    expect(isRunning(printedPid(ran.lines))).toBe(false)
    expect(performance.now() - began).toBeGreaterThan(2200)
    expect(readFileSync(groups, 'utf8')).toBe('')
  })

  test('is killed with its group when only a grandchild does not listen', async () => {
    const { run } = realShell()
    const ran = await run(`bash -c 'trap "" TERM; echo $$; while true; do sleep 0.1; done' & wait`, {
      timeout: 300,
    })
    const grandchild = printedPid(ran.lines)
    expect(ran.kind).toBe('timed-out')
    await eventually('the grandchild has ended', () => !isRunning(grandchild))
  })

  test('by an abort takes its group with it too', async () => {
    const { shell } = realShell()
    const abort = new AbortController()
    const watch = listener(abort.signal)
    const finished = shell.run(command('sleep 60 & echo $!; wait'), {}, watch)
    await eventually('the pid is printed', () => watch.lines.length > 0)
    const pid = printedPid(watch.lines)
    abort.abort()
    expect(await finished).toMatchObject({ kind: 'stopped' })
    await eventually('the child has ended', () => !isRunning(pid))
  })
})

describe('a daemon that a command leaves behind', () => {
  test.each([
    ['holds the output open', 'sleep 60 & echo $!'],
    ['goes on writing there', '(while true; do echo noise; sleep 0.02; done) & echo $!'],
  ])('and that %s does not hold the command up', async (_what, text) => {
    const began = performance.now()
    const ran = await realShell().run(text)
    printedPid(ran.lines)
    expect(ran).toMatchObject({ kind: 'exited', code: 0 })
    expect(performance.now() - began).toBeLessThan(4000)
  })

  test('lives on', async () => {
    const { run, folder } = realShell()
    const stop = join(folder, 'stop')
    const ran = await run(`(until [ -e stop ]; do sleep 0.02; done; touch stopped) > log 2>&1 & echo $!`)
    const daemon = printedPid(ran.lines)
    expect(isRunning(daemon)).toBe(true)
    writeFileSync(stop, '')
    await eventually('the daemon has done its work', () => existsSync(join(folder, 'stopped')))
  })
})

describe('the groups of a run that was killed', () => {
  /** A process that leads a group, in which another one runs. */
  async function leftover(env: Record<string, string> = {}): Promise<number> {
    const child = spawn('bash', ['-c', 'sleep 60 & echo ready; wait'], {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const leader = child.pid ?? 0
    onTestFinished(() => void signalled(-leader, 'SIGKILL'))
    await once(child.stdout, 'data')
    return leader
  }

  test('are ended by whoever comes after it', async () => {
    const file = join(scratch(), 'groups')
    const leader = await leftover()
    createProcessGroups(file).add(leader)
    expect(await endLeftoverGroups(file)).toEqual([leader])
    await eventually('the leader has ended', () => !isRunning(leader))
    expect(existsSync(file)).toBe(false)
  })

  test('are those alone that have not ended by themselves', async () => {
    const file = join(scratch(), 'groups')
    const [ended, left] = await Promise.all([leftover(), leftover()])
    const groups = createProcessGroups(file)
    groups.add(ended)
    groups.add(left)
    groups.remove(ended)
    expect(await endLeftoverGroups(file)).toEqual([left])
    expect(isRunning(ended)).toBe(true)
  })

  test('are known while a command runs, and not afterwards', async () => {
    const { shell, groups } = realShell()
    const abort = new AbortController()
    const watch = listener(abort.signal)
    const finished = shell.run(command('echo $$; sleep 60'), {}, watch)
    await eventually('the pid is printed', () => watch.lines.length > 0)
    expect(readFileSync(groups, 'utf8')).toMatch(new RegExp(`^\\+ [\\da-f-]+\n\\+ ${watch.lines[0]} \\d*\n$`))
    abort.abort()
    await finished
    expect(readFileSync(groups, 'utf8')).toBe('')
  })

  test.runIf(process.platform === 'linux')(
    'are left alone when the pid means another process by now',
    async () => {
      const file = join(scratch(), 'groups')
      const leader = await leftover()
      writeFileSync(file, `+ ${leader} 1\n`)
      expect(await endLeftoverGroups(file)).toEqual([])
      expect(isRunning(leader)).toBe(true)
    },
  )

  test.runIf(process.platform === 'linux')(
    'are ended although the run was killed before it knew their pid, and those of others are not',
    async () => {
      const file = join(scratch(), 'groups')
      const [lost, other] = await Promise.all([
        leftover({ ROLLGATE_COMMAND: 'lost' }),
        leftover({ ROLLGATE_COMMAND: 'other' }),
      ])
      createProcessGroups(file).expect('lost')
      expect(await endLeftoverGroups(file)).toEqual([lost])
      expect([isRunning(lost), isRunning(other)]).toEqual([false, true])
    },
  )

  test('are none where there is no file, or one that nobody can read', async () => {
    const folder = scratch()
    const file = join(folder, 'groups')
    expect(await endLeftoverGroups(file)).toEqual([])
    writeFileSync(file, '1\n-1 5\n+ 0 5\n+ -1 5\nnonsense\n+ 1')
    expect(await endLeftoverGroups(file)).toEqual([])
  })
})
