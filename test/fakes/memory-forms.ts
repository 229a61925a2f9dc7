import type { WaveState } from '../../src/domain/wave/wave.ts'
import type { FormStarter } from '../../src/pipeline/ports.ts'

export interface MemoryForms extends FormStarter {
  /** The inputs of each start, in order. */
  readonly starts: readonly Readonly<Record<string, string>>[]
  /** Sets the answers, one after another, of which the last one stays. */
  answer(...answers: readonly WaveState[]): void
}

/** Forms that start nothing. */
export function createMemoryForms(): MemoryForms {
  const starts: Readonly<Record<string, string>>[] = []
  let answers: readonly WaveState[] = []
  return {
    starts,
    answer(...given) {
      answers = given
    },
    async start(inputs) {
      starts.push(inputs)
      const [next, ...others] = answers
      if (others.length > 0) answers = others
      return next ?? { kind: 'started', run: `https://github.com/acme/shop/actions/runs/${starts.length}` }
    },
  }
}
