import type { CommandName, InputName } from '../definitions.ts'

/** The values of inputs by their names, as texts of the runner. */
export type InputValues = { readonly [Name in InputName]?: string }

/** The fields of the form that become an input under another name, or that only some words use. */
type InputField = 'release' | 'question' | 'decision' | 'instances' | 'reason' | 'confirm' | 'at' | 'services'

/** The look of a word: the command that reads before the job of the word begins. */
export interface FirstLook {
  readonly command: CommandName
  readonly inputs?: InputValues
}

/** A word of the form's field `do`. */
export interface WordRow {
  /** The name of its button. */
  readonly title: string
  /** The meaning in a few words, for tables and pages. */
  readonly meaning: string
  readonly command: CommandName
  /** Inputs that the word itself stands for. */
  readonly inputs?: InputValues
  /** The fields that the word uses, each with its input. */
  readonly fields: { readonly [Field in InputField]?: InputName }
  /** The options of the word: inputs of the command, by their own names or by plainer ones. */
  readonly options: { readonly [key: string]: InputName }
  /** `none`: the look prints all. `note`: writes, runs no command of a release. `act`: stands behind the gate. */
  readonly job: 'none' | 'note' | 'act'
  /** Absent where the command itself reads, or where the noting job is only announced. */
  readonly look?: FirstLook
  /** The input `mode` of the gate. */
  readonly gate?: string
  /** The command of the second half, in the files of another release, and the one that judges both. */
  readonly again?: { readonly command: CommandName; readonly verdict: CommandName }
  /** True if the look hands over a plan, which the gate and the act compare with their own. */
  readonly planned?: true
  /** True if the acting job needs no files of a release: it checks nothing out, and runs no command. */
  readonly withoutFiles?: true
  /** True if `all-environments=true` may be an option. */
  readonly everywhere?: true
}
