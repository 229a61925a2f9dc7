import { expect } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Stage } from '../../src/sandbox/stage.ts'

/** A deployment whose run waits in a script of the shop. */
export async function heldAt(stage: Stage, script: string, release: string, instance?: string) {
  stage.shop.trouble.hold(script, instance)
  const run = stage.run('dora')
  const started = await run.start({ command: 'deploy', release })
  const isThere = () =>
    stage.shop.trouble.held().some((held) => held.script === script && isRunning(held.pid))
  await eventually(`${script} is at work`, () => isThere() || started.child.exitCode !== null)
  expect(started.child.exitCode).toBeNull()
  return { run, started }
}

/**
 * Kills main in a script, with no `post`, and has GitHub count the run as over. The script itself runs to its
 * end.
 */
export async function lose(stage: Stage, script: string, release: string): Promise<void> {
  const { run, started } = await heldAt(stage, script, release)
  started.child.kill('SIGKILL')
  await started.ended
  const left = stage.shop.trouble.held()
  stage.shop.trouble.clear(script)
  await eventually(`${script} has ended`, () => !left.some(({ pid }) => isRunning(pid)))
  run.end('failure')
}
