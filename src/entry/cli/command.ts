/** The exit codes, the same for every command. Scripts may rely on them. */
export const exits = {
  fine: 0,
  /** Something was found, or refused. */
  found: 1,
  misused: 2,
  /** GitHub could not be read: the answer is unknown. */
  unknown: 3,
} as const

export type ExitCode = (typeof exits)[keyof typeof exits]

/** The process that a command line runs in. */
export interface Terminal {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly colours: boolean
  /** The width in characters. */
  readonly columns: number
  /** True if a person can be asked: standard input and output are a terminal. */
  readonly interactive: boolean
  write(text: string): void
}

/** An option of a command. `value` names its value in the usage; without one it is a switch. */
export interface CommandOption {
  readonly does: string
  readonly value?: string
  readonly short?: string
}

/** The words and options of a command line, after the command's name. */
export interface CommandWords {
  readonly words: readonly string[]
  /** Returns true if a switch is given. */
  has(option: string): boolean
  /** The value of an option; null where it is left out. */
  value(option: string): string | null
}

/** A command of the command line: one row of the table in `commands.ts`. */
export interface CommandRow {
  readonly name: string
  /** The words after the name: `[file]`, `ENV TAG`. Without brackets a word is required. */
  readonly takes: string
  readonly does: string
  /** The sentences below the usage line of `rollgate <name> --help`. */
  readonly about: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** Throws a Problem for what ends it early. */
  run(asked: CommandWords, terminal: Terminal): Promise<ExitCode>
}
