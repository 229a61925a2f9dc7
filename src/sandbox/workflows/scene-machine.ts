import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { inForce } from '../rules/in-force.ts'
import { runShell } from '../runner/shell.ts'
import { githubsPace } from '../runner/step-process.ts'
import { ended, type MachineFor } from './site/machine.ts'

/** The behaviour of a step with `uses:` in a test. */
export type Handler = (call: {
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}) => { readonly outputs?: Readonly<Record<string, string>>; readonly fails?: boolean }

/** A scene that does not play the gate has an open one. */
const opened: Handler = () => ({ outputs: { go: 'true' } })
const openGate: Readonly<Record<string, Handler>> = {
  '$/actions/gate': opened,
  'rollgate/rollgate/actions/gate': opened,
}

/** Machines whose actions are handlers, by what `uses:` says without a version. Shell steps are real. */
export const sceneMachine =
  ({
    actions,
    files,
  }: {
    readonly actions: Readonly<Record<string, Handler>>
    readonly files: readonly string[]
  }): MachineFor =>
  async (job) => {
    const folder = mkdtempSync(join(tmpdir(), 'rollgate-scene-'))
    return {
      hashFiles: (patterns) =>
        files.some((file) => patterns.some((pattern) => matchesGlob(file, pattern))) ? 'a hash' : '',
      use({ uses, with: given, env }) {
        const name = uses.replace(/@.*$/, '')
        const handler = actions[name] ?? openGate[name]
        if (handler === undefined) throw new Error(`the scene has no action ${name}`)
        const { outputs = {}, fails = false } = handler({ with: given, env })
        return Promise.resolve(ended({ outputs, conclusion: fails ? 'failure' : 'success' }))
      },
      shell: (call) =>
        runShell(call, {
          ...{ workspace: folder, temp: folder, env: {}, cancelled: job.cancelled },
          ...{ pace: githubsPace, hear: () => {}, inForce: inForce() },
        }),
      close() {
        rmSync(folder, { recursive: true, force: true })
        return Promise.resolve([])
      },
    }
  }
