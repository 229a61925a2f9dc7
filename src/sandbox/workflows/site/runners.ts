/** A machine of the repository's owner. */
export interface SelfHostedRunner {
  readonly owner: string
  readonly labels: readonly string[]
  readonly version: string
}

export interface Runners {
  /** The version of GitHub's own runners. */
  readonly hosted: string
  readonly selfHosted: readonly SelfHostedRunner[]
}

/** The runner that a job got. */
export interface AssignedRunner {
  readonly kind: 'hosted' | 'self-hosted'
  readonly version: string
}

/** A runner that takes every job of its owner, whatever labels the job asks for. */
export const anyLabel = '*'

export const newestRunner = '2.336.0'

const hostedLabel = /^(?:ubuntu|windows|macos)-[\w.-]+$/

/** True if GitHub's own standard machines answer to all of these labels. */
export const isHosted = (labels: readonly string[]): boolean =>
  labels.length === 1 && hostedLabel.test(labels[0] ?? '')

/** The labels of `runs-on`, however it is written. */
export function labelsOf(runsOn: unknown): string[] {
  if (typeof runsOn === 'object' && runsOn !== null && !Array.isArray(runsOn))
    return labelsOf((runsOn as { readonly labels?: unknown }).labels ?? [])
  return [runsOn ?? []].flat().map(String)
}

/** Finds a runner of the owner that has all labels. Labels are case-insensitive. */
export function findRunner(
  { hosted, selfHosted }: Runners,
  owner: string,
  labels: readonly string[],
): AssignedRunner | undefined {
  if (isHosted(labels)) return { kind: 'hosted', version: hosted }
  const has = ({ labels: own }: SelfHostedRunner, label: string): boolean =>
    own.includes(anyLabel) || own.some((each) => each.toLowerCase() === label.toLowerCase())
  const found = selfHosted.find(
    (runner) =>
      runner.owner.toLowerCase() === owner.toLowerCase() && labels.every((label) => has(runner, label)),
  )
  return found && { kind: 'self-hosted', version: found.version }
}

/** True if a version of the runner is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [version, least].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at += 1) {
    const difference = (own?.[at] ?? 0) - (other?.[at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
