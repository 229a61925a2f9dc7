import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { BySide } from '../../../domain/detour/side.ts'

/** The file of each side. */
export type SqliteFiles = BySide<string>

/** True if a file is there. Throws if its folder cannot be listed: then nothing tells that the file is gone. */
export const isListed = (file: string): boolean => readdirSync(dirname(file)).includes(basename(file))
