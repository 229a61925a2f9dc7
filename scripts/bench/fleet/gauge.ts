import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The cost of a command and all its child processes. */
export interface Cost {
  /** Milliseconds until the command ended. */
  readonly wall: number
  /** Milliseconds of CPU. */
  readonly cpu: number
  /** Bytes that its processes held for themselves, at their most. */
  readonly memory: number
}

/** Measures commands by `gauge.c`. */
export interface Gauge {
  /** Rejects with the command's last words when it fails. */
  run(command: Measured): Promise<Cost>
  /** A program that stands in for `node`, and its measurements once it has ended. */
  around(node: string): { readonly program: string; cost(): Cost }
}

export interface Measured {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Ends it. */
  readonly signal: AbortSignal
  /** True if its processes are meant to outlive it. */
  readonly leave: boolean
}

/** The kept end of a command's output. */
const KEPT = 600

export function buildGauge(folder: string): Gauge {
  const program = compile('gauge', folder)
  const report = join(folder, 'cost.json')
  const cost = (): Cost => JSON.parse(readFileSync(report, 'utf8'))

  return {
    async run({ argv, cwd, env, signal, leave }) {
      rmSync(report, { force: true })
      const words = [report, ...(leave ? ['--leave'] : []), '--', ...argv]
      const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
      endBy(signal, child)
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-KEPT)
        })
      const [code] = await once(child, 'close')
      if (code !== 0) throw new Error(`${argv.join(' ')} exited with ${code}: ${said.trim()}`)
      return cost()
    },
    around(node) {
      const stand = join(folder, 'measured-node')
      rmSync(report, { force: true })
      writeFileSync(stand, `#!/bin/sh\nexec '${program}' '${report}' -- '${node}' "$@"\n`)
      chmodSync(stand, 0o755)
      return { program: stand, cost }
    },
  }
}

/** Ends the measured command, with all its child processes. */
export function endBy(signal: AbortSignal, gauge: ChildProcess): void {
  const end = () => void gauge.kill('SIGTERM')
  signal.addEventListener('abort', end)
  gauge.once('exit', () => signal.removeEventListener('abort', end))
}

/** Makes a program of the bench from its source beside this file; answers its path. */
export function compile(name: string, folder: string): string {
  const program = join(folder, name)
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url))
  execFileSync('cc', ['-O2', '-Wall', '-o', program, source])
  return program
}
