import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A `kubectl` that counts its calls, before the one in a path. */
export function countedCalls(path: string): { readonly path: string; calls(): number } {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const told = join(folder, 'calls')
  const file = join(folder, 'kubectl')
  writeFileSync(file, `#!/bin/sh\necho call >>"${told}"\nPATH='${path}'\nexec kubectl "$@"\n`)
  chmodSync(file, 0o755)
  return {
    path: `${folder}:${path}`,
    calls: () => (existsSync(told) ? readFileSync(told, 'utf8').split('\n').length - 1 : 0),
  }
}
