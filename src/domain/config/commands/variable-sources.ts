/** The sources of a command's variables besides the secret `ROLLGATE_ENV`; a later one wins, and the secret over all. */
export interface VariableSources {
  /** Names of variables of the job, out of GitHub's `vars`. */
  readonly vars: readonly string[]
  /** The `env` of the environment, which is no secret. */
  readonly env: Readonly<Record<string, string>>
  /** The outputs of the release's build. */
  readonly outputs: Readonly<Record<string, string>>
}

export const noSources: VariableSources = { vars: [], env: {}, outputs: {} }

/** A name that two sources give; the value of the last one is used. */
export interface NameInTwo {
  readonly name: string
  /** The sources in words, the one whose value is used last. */
  readonly sources: readonly string[]
}

/** Returns the names that more than one source gives. `inSecret`: the names of `ROLLGATE_ENV`, where they are known. */
export function namesInTwo(
  { vars, env, outputs }: VariableSources,
  inSecret: (name: string) => boolean = () => false,
): NameInTwo[] {
  const all = [...new Set([...vars, ...Object.keys(env), ...Object.keys(outputs)])]
  return all.flatMap((name) => {
    const sources = [
      vars.includes(name) ? ['vars of the job'] : [],
      Object.hasOwn(env, name) ? ['env of the environment'] : [],
      Object.hasOwn(outputs, name) ? ['outputs of the build'] : [],
      inSecret(name) ? ['the secret ROLLGATE_ENV'] : [],
    ].flat()
    return sources.length > 1 ? [{ name, sources }] : []
  })
}

export const describeNameInTwo = ({ name, sources }: NameInTwo): string =>
  `${name} is given by ${sources.slice(0, -1).join(', ')} and by ${sources.at(-1)}: commands see the value of the last one.`
