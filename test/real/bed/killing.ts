import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EndedProcess } from '../../../src/sandbox/runner/runner.ts'
import type { JobInputs } from '../../../src/sandbox/stage.ts'
import type { Project } from './project.ts'

/** Variables by which each run with them is killed at the first event at which none of them was. */
export function selfKilling(words: readonly string[] = []): {
  env: Record<string, string>
  moments(): string[]
} {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const killedAt = join(folder, 'at')
  writeFileSync(killedAt, '')
  const preload = new URL('kill-itself.ts', import.meta.url).href
  return {
    env: { NODE_OPTIONS: `--import=${preload}`, KILLED_AT: killedAt, KILLED_IN: words.join('|') },
    moments: () => readFileSync(killedAt, 'utf8').trimEnd().split('\n'),
  }
}

/** Deploys a release until a run of it is not killed. What `watch` answers is called every few milliseconds of a run. */
export async function killedAtEach(
  project: Project,
  env: Readonly<Record<string, string>>,
  watch: (child: ChildProcess) => () => void = () => () => {},
  release = 'v2',
  inputs: JobInputs = { command: 'deploy', release },
): Promise<EndedProcess> {
  for (;;) {
    const { child, ended } = await project.start(release, inputs, env)
    const looking = setInterval(watch(child), 2)
    const last = await ended.finally(() => clearInterval(looking))
    if (last.code !== null) return last
  }
}
