import type { BySide } from '../../../domain/detour/side.ts'

/** The file of each side. */
export type SqliteFiles = BySide<string>
