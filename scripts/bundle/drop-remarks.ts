import { readFileSync, writeFileSync } from 'node:fs'

/** Drops the lines of comments from the shell script in a compiled file: every host would be sent them, and no shell needs them. */
export function dropRemarks(path: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^ *# .*\n/gm, ''))
}
