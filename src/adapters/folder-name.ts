import { createHash } from 'node:crypto'

const LONGEST_NAME = 100

/** A name of a folder for any text: the same text has the same name, and no two texts share one. */
export function folderNamed(text: string): string {
  const plain = text.replace(/[^\w.-]|^\.|^-/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
  if (plain !== '' && plain.length <= LONGEST_NAME) return plain
  return `%${createHash('sha256').update(text).digest('hex')}`
}
