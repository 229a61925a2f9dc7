import type { Poster, Posting } from '../../src/pipeline/ports.ts'

/** An address in memory. */
export interface MemoryPoster extends Poster {
  /** Everything that was sent, in order, whatever the address answered. */
  readonly postings: readonly Posting[]
  /** Sets the answer: null takes it, a text says why not. */
  answer(by: (posting: Posting, signal: AbortSignal) => Promise<string | null>): void
}

export function createMemoryPoster(): MemoryPoster {
  const postings: Posting[] = []
  let answer: Parameters<MemoryPoster['answer']>[0] = async () => null
  return {
    postings,
    answer(by) {
      answer = by
    },
    post(posting, signal) {
      postings.push(posting)
      return answer(posting, signal)
    },
  }
}
