import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { bundle } from './runner/runner.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'
import { tellBlueGreen } from './try/blue-green.ts'
import { tellRolling } from './try/rolling.ts'
import { tellSmooth } from './try/smooth.ts'
import { summariesOf } from './try/telling.ts'

/** A story for a newcomer, and the stage that it needs. True if everything went as it should. */
interface Demonstration {
  readonly stage: Omit<StageOptions, 'folder'>
  tell(stage: Stage, summaries: string): Promise<boolean>
}

/**
 * The demonstrations by name: the form that `rollgate init` writes is filled in, and the shipped bundle deploys over a shop
 * that serves requests. Exits with 1 if a request failed, or anything went another way than it should.
 */
const demonstrations: Readonly<Record<string, Demonstration>> = {
  rolling: { stage: { instances: 3 }, tell: tellRolling },
  'blue-green': { stage: { instances: 2, standIn: 2, blueGreen: true }, tell: tellBlueGreen },
  smooth: { stage: { instances: 2, standIn: 2 }, tell: tellSmooth },
}

const [name = 'rolling'] = process.argv.slice(2)
const demonstration = demonstrations[name]

if (demonstration === undefined) {
  console.error(`There is no "${name}": ${Object.keys(demonstrations).join(', ')}.`)
  process.exit(1)
}
if (!existsSync(bundle)) {
  console.error(`There is no bundle at ${bundle}: run "npm run bundle" first.`)
  process.exit(1)
}
const summaries = summariesOf(name)
rmSync(summaries, { recursive: true, force: true })
mkdirSync(summaries, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'rollgate-try-'))
const stage = await openStage({ folder, ...demonstration.stage })
process.once('SIGINT', () => void stage.close().finally(() => process.exit(130)))
try {
  process.exitCode = (await demonstration.tell(stage, summaries)) ? 0 : 1
  console.log(`  to be read         ${relative(process.cwd(), summaries)}/*.md, the job summaries`)
} finally {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
}
