/** The words that a script takes, in the order of a deployment. */
export type ScriptWord =
  | 'pack'
  | 'build'
  | 'built'
  | 'suspend'
  | 'migrate'
  | 'resume'
  | 'stop'
  | 'install'
  | 'start'
  | 'version'
  | 'healthy'
  | 'state'
  | 'hand-over'

/** A word of a script: its lines, and what it does. A word without lines is left out. */
export type ScriptRow = readonly [ScriptWord, readonly string[] | null, string]
