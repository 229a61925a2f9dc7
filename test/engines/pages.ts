import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Job } from '../../src/sandbox/stage.ts'
import type { EngineStoryName } from '../report/engine-stories.ts'

/** The parts of a page that do not depend on the engine: its title, its problem with the next action, and the answers. */
interface PageInBrief {
  readonly title: string
  readonly code: string | null
  readonly next: string | null
  readonly answers: readonly string[]
}

/**
 * Expects that the page after a job on a real engine says the same as the golden page of its story, which the engine in memory
 * made. A way back is offered where a release served before, and does not count.
 */
export function expectPageOf({ main }: Pick<Job, 'main'>, story: EngineStoryName): void {
  const file = new URL(`../report/golden/engine-${story}.md`, import.meta.url)
  expect(inBrief(main.summary)).toEqual(inBrief(readFileSync(file, 'utf8')))
}

function inBrief(page: string): PageInBrief {
  const answers = page.slice(page.indexOf('### What you can answer'), page.indexOf('### How to answer'))
  return {
    title: first(/^## (.*)$/m, page).replaceAll(/\bv\d[\d.]*/g, 'vN'),
    code: first(/^> Code: (.*)$/m, page) || null,
    next: first(/^> \*\*Next:\*\* (.*)$/m, page) || null,
    answers: [...answers.matchAll(/^\| `([a-z-]+)` \|/gm)]
      .map(([, answer = '']) => answer)
      .filter((answer) => answer !== 'roll-back'),
  }
}

const first = (pattern: RegExp, page: string): string => pattern.exec(page)?.[1] ?? ''
