import { callsReusable } from './earlier.ts'
import { wasWritten } from './written.ts'

/** The choices that the workflows of a repository show. */
export interface ChoicesSeen {
  readonly callers: boolean
  /** The path of the config; null for the usual one. */
  readonly config: string | null
}

/** Returns the choices with which `rollgate init` once wrote the workflows. */
export function choicesIn(present: ReadonlyMap<string, string>): ChoicesSeen {
  const texts = [...present.values()]
  const named = texts.flatMap((text) => /^\s+config: ['"]?([\w./-]+)['"]?\s*$/m.exec(text)?.[1] ?? [])
  return {
    callers: texts.some((text) => wasWritten(text) && callsReusable(text)),
    config: named[0] ?? null,
  }
}
