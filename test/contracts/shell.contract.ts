import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import type { Shell, Variables, Watch } from '../../src/pipeline/ports.ts'

export function command(run: string, rest: Partial<Command> = {}): Command {
  return { run, shell: 'bash', env: {}, workingDirectory: '.', timeout: 10_000, ...rest }
}

/** A watch that keeps its lines. */
export function listener(signal: AbortSignal = new AbortController().signal): Watch & { lines: string[] } {
  const lines: string[] = []
  return { lines, line: (text) => void lines.push(text), signal }
}

/** The commands of the contract: a real shell runs them as they are, a fake one gets a script for each. */
export const contractCommands = {
  succeeds: 'echo one; echo two',
  fails: 'echo broken; exit 3',
  hangs: 'echo waiting; sleep 60',
  dies: 'kill -KILL $$',
  missing: 'no-such-command-here --flag',
  greets: 'echo "$GREETING, $NAME"',
  counts: 'seq 1 30',
  warns: 'echo deprecated >&2; echo v1.1.0',
} as const

export function greeting(variables: Variables): string {
  return `${variables.GREETING}, ${variables.NAME}`
}

export function shellContract(name: string, makeShell: () => Shell): void {
  const run = (text: string, rest?: Partial<Command>, variables: Variables = {}, watch = listener()) =>
    makeShell().run(command(text, rest), variables, watch)

  describe(`the shell contract, by ${name}`, () => {
    test('a command that succeeds exits with 0, and its lines are heard in order', async () => {
      const watch = listener()
      const finished = await run(contractCommands.succeeds, {}, {}, watch)
      expect(finished).toEqual({ kind: 'exited', code: 0, tail: ['one', 'two'] })
      expect(watch.lines).toEqual(['one', 'two'])
    })

    test('a command that fails exits with its own code', async () => {
      expect(await run(contractCommands.fails)).toEqual({ kind: 'exited', code: 3, tail: ['broken'] })
    })

    test('a command that outlasts its timeout is timed out, and its last lines are kept', async () => {
      const finished = await run(contractCommands.hangs, { timeout: 300 })
      expect(finished).toEqual({ kind: 'timed-out', after: 300, tail: ['waiting'] })
    })

    test('an abort stops a command', async () => {
      const abort = new AbortController()
      const watch = listener(abort.signal)
      const whenHeard: Watch = {
        signal: abort.signal,
        line(text) {
          watch.line(text)
          abort.abort()
        },
      }
      const finished = await makeShell().run(command(contractCommands.hangs), {}, whenHeard)
      expect(finished).toEqual({ kind: 'stopped', tail: ['waiting'] })
      expect(watch.lines).toEqual(['waiting'])
    })

    test('under a signal that is aborted already nothing is run', async () => {
      const watch = listener(AbortSignal.abort())
      expect(await run(contractCommands.succeeds, {}, {}, watch)).toEqual({ kind: 'stopped', tail: [] })
      expect(watch.lines).toEqual([])
    })

    test('a command that was ended by a signal says which', async () => {
      expect(await run(contractCommands.dies)).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' })
    })

    test('a command that is not there is named', async () => {
      const finished = await run(contractCommands.missing)
      expect(finished).toMatchObject({ kind: 'not-found', name: 'no-such-command-here' })
    })

    test("variables win over the command's own env", async () => {
      const env = { GREETING: 'hello', NAME: 'nobody' }
      const finished = await run(contractCommands.greets, { env }, { NAME: 'web-1' })
      expect(finished.tail).toEqual(['hello, web-1'])
    })

    test('a question gets the stdout of a command, and its stderr apart F21', async () => {
      const watch = listener()
      const answers: string[] = []
      const finished = await run(
        contractCommands.warns,
        {},
        {},
        { ...watch, answer: (text) => void answers.push(text) },
      )
      expect(answers).toEqual(['v1.1.0'])
      expect(watch.lines).toEqual(['deprecated'])
      expect(finished).toMatchObject({
        kind: 'exited',
        tail: expect.arrayContaining(['deprecated', 'v1.1.0']),
      })
    })

    test('the tail is the last twenty lines', async () => {
      const { tail } = await run(contractCommands.counts)
      expect(tail).toHaveLength(20)
      expect(tail.at(0)).toBe('11')
      expect(tail.at(-1)).toBe('30')
    })
  })
}
