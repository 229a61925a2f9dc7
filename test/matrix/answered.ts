import { execFileSync } from 'node:child_process'
import { expect } from 'vitest'
import type { Job, Stage } from '../../src/sandbox/stage.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import { does } from '../conversations/story.ts'
import { swift } from './scene.ts'

/** Ways on after a killed run. One that its look or its plan refuses has no work. */
export type Answers = Readonly<Record<string, (stage: Stage) => Promise<{ readonly work: Job | null }>>>

/** A stage whose run was killed. */
export interface Killed {
  readonly stage: Stage
  /** The moment in words. */
  readonly words: string
  /** Looks at the world after an answer, by its name; `work` is null where the answer was refused. */
  readonly look?: (work: Job | null, answer: string) => unknown
}

/**
 * Gives each answer to a world in which the run was killed, and expects that nothing is untrue afterwards. An answer that
 * is refused writes nothing, which is seen; then the next answer finds the same world. A look may leave the records as
 * they are: a world in which answers were refused is watched once, as by the clock.
 */
export async function expectTruthAfterEach(world: () => Promise<Killed>, answers: Answers): Promise<void> {
  const left = Object.entries(answers)
  let refused: string[] = []
  while (left.length > 0 || refused.length > 0) {
    const { stage, words, look } = await world()
    const untouched = written(stage)
    let acted: { name: string; work: Job } | null = null
    for (let next = left.shift(); next !== undefined; next = acted === null ? left.shift() : undefined) {
      const [name, answer] = next
      const { work } = await answer(stage)
      if (work !== null) acted = { name, work }
      else expect([name, written(stage)]).toEqual([name, untouched])
      if (work === null) refused.push(name)
    }
    if (acted === null) {
      await does(stage, { command: 'watch', environment: 'production' }, { options: swift })
      refused = []
    }
    const then = acted?.name ?? 'a watch, for what else was asked was refused'
    console.log(`killed ${words}, then ${then}`)
    expect(await untruths(stage), `killed ${words}, then ${then}`).toEqual([])
    await look?.(acted?.work ?? null, then)
  }
}

/** Everything that a run writes: the refs and the records. */
function written({ github }: Stage): string {
  const refs = execFileSync('git', ['--git-dir', github.gitDir, 'for-each-ref'], { encoding: 'utf8' })
  return `${refs}\n${JSON.stringify(github.deployments)}`
}
