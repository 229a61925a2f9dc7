import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from 'vitest'
import { openStage, type Stage, type StageOptions } from '../../src/sandbox/stage.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'

/** A stage for one story. Its scheduler starts jobs only where a story asks for them, so that logs repeat. */
export async function aStage(options: Partial<StageOptions> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-story-'))
  const stage = await openStage({ folder, instances: 2, jobs: { every: 600_000, last: 100 }, ...options })
  onTestFinished(async () => {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
    expect(stage.github.violations).toEqual([])
  })
  // Runs before the stage closes: hooks of a test run last first.
  onTestFinished(() => expectTruth(stage))
  return stage
}

/** Returns the folder of the stage, which a story has as well. */
const apart = new Map<string, string>()

/** Says that a story ends with a world that is not as Rollgate said, and why that is right. */
export const endsApart = (stage: Stage, why: string): void => void apart.set(stage.folder, why)

/** Whatever a story asserts itself: instances, traffic, ledgers, records and results agree at its end. */
async function expectTruth(stage: Stage): Promise<void> {
  const found = await untruths(stage)
  const why = apart.get(stage.folder)
  if (why === undefined) expect(found).toEqual([])
  else expect(found, `said to end apart, because ${why}`).not.toEqual([])
}

/** Returns one stage that the tests around it share in order. */
export function sharedStage(options: Partial<StageOptions> = {}): () => Stage {
  let stage: Stage | undefined
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollgate-story-'))
    stage = await openStage({ folder, instances: 2, jobs: { every: 600_000, last: 100 }, ...options })
  })
  afterEach(async () => {
    if (stage !== undefined) await expectTruth(stage)
  })
  afterAll(async () => {
    await stage?.close()
    rmSync(folder, { recursive: true, force: true })
    expect(stage?.github.violations).toEqual([])
  })
  return () => {
    if (stage === undefined) throw new Error('the stage opens before the first test')
    return stage
  }
}

/** Replaces values that differ from run to run by names. The same value gets the same name. */
export function calming(): (text: string) => string {
  const shas = new Map<string, string>()
  const nameOf = (sha: string): string => {
    const known = [...shas].find(([full]) => full.startsWith(sha))?.[1]
    if (known !== undefined) return known
    const name = `<sha-${shas.size + 1}>`
    shas.set(sha, name)
    return name
  }
  return (text) =>
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<token>')
      .replaceAll(/\b[0-9a-f]{64}\b/g, '<digest>')
      .replaceAll(/digest [0-9a-f]{12}\b/g, 'digest <digest>')
      .replaceAll(/\b[0-9a-f]{40}\b/g, nameOf)
      .replaceAll(/\(([0-9a-f]{7})\)/g, (_all, sha: string) => `(${nameOf(sha)})`)
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
      .replaceAll(/SAND:[0-9A-F]{8}/g, '<request>')
      .replaceAll(/process \d+/g, 'process <pid>')
      .replaceAll(/\b(\d+ min )?\d+(\.\d+)? (ms|s|d)\b/g, '<time>')
      .replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z| [\d:]+ UTC)/g, '<moment>')
      .replaceAll(/\/[^\s:]*rollgate-story-[^\s/:]+/g, '<folder>')
      .replaceAll(/\/(stage|temp|workspace|rollgate)-\w{6}(?=\/)/g, '/$1')
}

/** Reads the ledger as an operator would. */
export async function ledgerOf(stage: Stage, app = 'shop', environment = 'production') {
  const { execFileSync } = await import('node:child_process')
  const ref = `refs/rollgate/${app}/${environment}`
  const text = execFileSync('git', ['--git-dir', stage.github.gitDir, 'show', `${ref}:ledger.json`], {
    encoding: 'utf8',
  })
  return JSON.parse(text) as import('../../src/domain/ledger/written/ledger.ts').SparseLedger
}
