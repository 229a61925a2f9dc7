import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inWords } from './front-door.ts'
import type { Member } from './pool.ts'

/** Puts the words of `/_pool/<name>` into `pool/<name>`, for scripts: a machine need not have a program that asks over HTTP. */
export function tellingScripts(home: string): (member: Readonly<Member>) => void {
  const folder = join(home, 'pool')
  mkdirSync(folder, { recursive: true })
  return (member) => {
    const file = join(folder, member.name)
    writeFileSync(`${file}.new`, `${inWords(member)}\n`)
    renameSync(`${file}.new`, file)
  }
}
