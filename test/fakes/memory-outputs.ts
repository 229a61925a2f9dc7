import type { OutputFiles } from '../../src/pipeline/ports.ts'

/** One file after the other, each with the text that a test has a build write. */
export interface MemoryOutputs extends OutputFiles {
  written: string
  /** The files that were made, and not taken away. */
  left(): number
}

export function createMemoryOutputs(): MemoryOutputs {
  let left = 0
  return {
    written: '',
    left: () => left,
    async make() {
      left += 1
      return {
        path: '/tmp/outputs',
        read: async () => this.written,
        async remove() {
          left -= 1
        },
      }
    },
  }
}
