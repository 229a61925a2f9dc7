import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './generate/files.ts'

/**
 * Writes every generated file, or generated part of one: `node scripts/generate.ts`. With `--check` it writes
 * nothing, names stale ones and exits with 1.
 */
const root = fileURLToPath(new URL('..', import.meta.url))

const stale = [...generatedFiles(root)].filter(([path, text]) => textOf(path) !== text)

if (!process.argv.includes('--check')) {
  for (const [path, text] of stale) write(path, text)
  console.log(stale.length === 0 ? 'Everything is up to date.' : `Written: ${names()}`)
} else if (stale.length > 0) {
  console.error(`Stale: ${names()}. Run "npm run generate" and commit what it writes.`)
  process.exitCode = 1
}

function names(): string {
  return stale.map(([path]) => path).join(', ')
}

function textOf(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
