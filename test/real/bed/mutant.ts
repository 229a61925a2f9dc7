import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bundle } from '../../../src/sandbox/runner/runner.ts'

/** A change of the bundle's text; the new text may name groups of the old one. */
export type Edit = readonly [from: RegExp, to: string]

/** Copies the bundle that ships, and breaks the copy on purpose. Throws where a text to change is not there exactly once. */
export function mutantOf(edits: readonly Edit[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const file of readdirSync(dirname(bundle)))
    copyFileSync(join(dirname(bundle), file), join(folder, file))
  const door = join(folder, 'door.js')
  writeFileSync(door, edits.reduce(edited, readFileSync(door, 'utf8')))
  return join(folder, 'index.js')
}

function edited(text: string, [from, to]: Edit): string {
  const found = [...text.matchAll(new RegExp(from, 'g'))].length
  if (found !== 1) throw new Error(`the bundle has ${found} places like ${from}`)
  return text.replace(from, to)
}
