import type { Failure } from '../../domain/question/decision.ts'
import type { Finished, Shell, Variables, Watch } from '../../pipeline/ports.ts'
import { sayEnding } from '../ending.ts'

/** The command line of an engine, like `docker`: called with words, which no shell reads as code. */
export interface Tool {
  /** Calls it once. Its stdout is the answer: unmasked, to be read and never to be shown. */
  call(words: readonly string[], calling: Calling): Promise<ToolAnswer>
  /** Returns the last lines that it prints, masked; those of a call that failed as well. */
  tail(words: readonly string[], calling: Calling): Promise<readonly string[]>
  /** Calls it for what it says, which is heard as it comes. */
  follow(words: readonly string[], calling: Calling): Promise<Finished>
}

/** The surroundings of one call. */
export interface Calling {
  readonly variables: Variables
  readonly watch: Watch
  /** The text for its stdin; empty without one. */
  readonly input?: string
  /** Milliseconds; half a minute without one. */
  readonly timeout?: number
}

/** The end of one call. Only a tool that exited gave an answer. */
export type ToolAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  /** The engine said no: `words` are the tool's own last line of stderr, masked like the tail. */
  | { readonly kind: 'refused'; readonly words: string; readonly tail: readonly string[] }
  /** It was not found, did not end in time, was stopped, or failed without a no of the engine. It may have done its work. */
  | { readonly kind: 'unheard'; readonly words: string; readonly tail: readonly string[] }

type Hearing = Pick<Watch, 'line' | 'answer'>

const USUAL_MS = 30_000

/** Characters of an answer that are kept: a list of some thousand replicas. */
const ANSWER_LIMIT = 32 * 1024 * 1024
const WORDS_LIMIT = 64 * 1024

/** Lines of stderr that are kept of a call that failed. */
const TAIL = 20

/**
 * True if a line of stderr is a no of the engine, or of the tool before it has asked. A connection that breaks makes a tool
 * fail as well, and then the engine may have taken the order.
 */
export type SaysNo = (line: string) => boolean

/** Calls a program by a shell. `first`: the words that every call begins with. */
export function createTool(program: string, first: readonly string[], shell: Shell, saysNo: SaysNo): Tool {
  function start(
    words: readonly string[],
    { variables, watch, input, timeout = USUAL_MS }: Calling,
    hearing: Hearing,
  ) {
    const all = [...first, ...words]
    const run = lineFor(program, all)
    const command = { run, shell: 'sh', env: {}, workingDirectory: '.', timeout }
    const heard = { ...hearing, signal: watch.signal, ...(input !== undefined && { input }) }
    return shell.run(command, { ...variables, ...inVariables(all) }, heard)
  }

  return {
    async call(words, calling) {
      const [answer, said] = [collected(ANSWER_LIMIT), collected(WORDS_LIMIT)]
      const finished = await start(words, calling, { line: said.take, answer: answer.take })
      if (finished.kind === 'exited' && finished.code === 0) return { kind: 'answered', text: answer.text() }
      const tail = said.lines().slice(-TAIL)
      const ending = `${program} ${sayEnding(finished)}`
      if (finished.kind !== 'exited') return { kind: 'unheard', words: ending, tail }
      const last = lastWords(tail) ?? ending
      return { kind: tail.some(saysNo) ? 'refused' : 'unheard', words: last, tail }
    },
    async tail(words, calling) {
      return (await start(words, calling, { line: () => {} })).tail
    },
    follow: (words, calling) => start(words, calling, { line: (text) => calling.watch.line(text) }),
  }
}

const PREFIX = 'ROLLGATE_WORD_'

/** A word for the address of a file with the input, for a program that reads it more than once. */
export const INPUT_FILE = 'file://the-input'

/** The text for the shell depends on the number of words alone, and on the place of the file. */
function lineFor(program: string, words: readonly string[]): string {
  const line = [
    program,
    ...words.map((word, at) => (word === INPUT_FILE ? '"file://$file"' : `"$${PREFIX}${at}"`)),
  ]
  const own = 'file=$(mktemp) && trap \'rm -f "$file"\' EXIT HUP INT TERM && cat >"$file" &&'
  return [words.includes(INPUT_FILE) ? own : 'exec', ...line].join(' ')
}

const inVariables = (words: readonly string[]): Variables =>
  Object.fromEntries(words.map((word, at) => [`${PREFIX}${at}`, word]))

const lastWords = (tail: readonly string[]): string | undefined =>
  tail.map((line) => line.trim()).findLast((line) => line !== '')

function collected(limit: number) {
  const kept: string[] = []
  let length = 0
  return {
    take(line: string): void {
      length += line.length + 1
      if (length <= limit) kept.push(line)
    },
    lines: () => kept,
    text: () => kept.join('\n'),
  }
}

/** Describes a change that was refused, or whose answer was lost, for a person who looks at it. */
export const failureOf = (what: string, called: Exclude<ToolAnswer, { kind: 'answered' }>): Failure =>
  called.kind === 'refused'
    ? { code: 'engine-refused', what: `${what}: ${called.words}`, tail: called.tail }
    : { code: 'engine-unknown', what: `${what}, or its answer was lost: ${called.words}`, tail: called.tail }
