import { isIgnored } from '../release/release-tree.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, foundIn } from './finding.ts'

/** A pattern of the files of a release, where a workflow gives it. */
export interface ArtifactPattern {
  readonly workflow: string
  readonly line: number
  readonly pattern: string
  /** True if a step or a job before may make the files. */
  readonly made: boolean
}

/** Finds patterns that match no file, and that no step before could make match. */
export const patternFindings = (
  patterns: readonly ArtifactPattern[],
  { tree, ignored }: CheckoutSeen,
): CheckFinding[] =>
  patterns
    .filter(({ pattern, made }) => !made && !isIgnored(pattern, ignored))
    .filter(({ pattern }) => !matches([...tree.entries.keys()], pattern))
    .map(({ workflow, line, pattern }) =>
      foundIn('warning', workflow, line, {
        what: `The artifacts pattern ${pattern} matches no file of git, and no step before it makes one.`,
        next: 'Correct the pattern, or add the step that builds or downloads the files.',
      }),
    )

function matches(paths: readonly string[], pattern: string): boolean {
  const escaped = pattern.replace(/^\.\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const expression = escaped
    .replaceAll('**/', '\u0001')
    .replaceAll('**', '\u0002')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0001', '(?:.*/)?')
    .replaceAll('\u0002', '.*')
  const whole = new RegExp(`(?:^|/)${expression}$`)
  return paths.some((path) => whole.test(path))
}
