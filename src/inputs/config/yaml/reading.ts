import type { Finding } from '../finding.ts'
import type { Tree } from './tree.ts'

/** The tree of a text, or null if it cannot be read; a tree, too, may come with findings. */
export interface YamlReading {
  readonly tree: Tree | null
  readonly findings: readonly Finding[]
}

/** The place of a mistake, which is often before the place at which the parser failed. */
export interface Blame {
  readonly offset: number
  readonly words: string
}
