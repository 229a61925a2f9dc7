import type { Plan } from '../../domain/plan/plan.ts'
import type { Rehearsed } from '../../domain/release/rehearsal.ts'
import type { Release, ReleaseId } from '../../domain/release/release.ts'
import { alert, blocks, code, counted, link, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'

/** A way back that may be tried out, or was. */
export interface RehearsalView {
  readonly environment: string
  /** The serving release. */
  readonly release: Release
  /** The release of the rollback. */
  readonly to: Release
  /** The first half, while nothing has begun. */
  readonly back: Plan | null
  readonly rehearsed: Rehearsed | null
  readonly run: string
  readonly now: string
}

/** The `result` output of `rehearse`, described in docs/rehearsals.md. A change of its shape gets another `schema`. */
export interface RehearsalResult {
  readonly schema: 1
  readonly command: 'rehearse'
  readonly outcome: 'planned' | 'rehearsed'
  readonly at: string
  readonly environment: string
  readonly release: ReleaseId
  readonly to: ReleaseId
  /** The numbers of the two deployments; null while they have not taken place. */
  readonly deployments: { readonly back: number; readonly again: number } | null
  readonly run: string
}

export const rehearsalResult = (view: RehearsalView): RehearsalResult => ({
  schema: 1,
  command: 'rehearse',
  outcome: view.rehearsed === null ? 'planned' : 'rehearsed',
  at: view.now,
  environment: view.environment,
  release: idOf(view.release),
  to: idOf(view.to),
  deployments: view.rehearsed === null ? null : { back: view.rehearsed.back, again: view.rehearsed.again },
  run: view.run,
})

const idOf = ({ tag, sha }: Release): ReleaseId => ({ tag, sha })

/** Returns one line for the log. */
export function rehearsalLine({ environment, release, to, rehearsed }: RehearsalView): string {
  const way = `${release.tag} → ${to.tag} → ${release.tag}`
  if (rehearsed === null) return `${environment} can rehearse ${way}`
  return `${environment} has rehearsed ${way}, by deployments ${rehearsed.back} and ${rehearsed.again}`
}

export function rehearsalSummary(view: RehearsalView): string {
  const { environment, release, to, rehearsed, back, run, now } = view
  const way = `**${text(release.tag)}** → **${text(to.tag)}** → **${text(release.tag)}**`
  if (rehearsed !== null)
    return onePage([
      { text: `## ✅ ${text(environment)} has rehearsed the rollback from ${text(release.tag)}` },
      {
        text: `${way}, by deployments ${rehearsed.back} and ${rehearsed.again}, with success on every instance; seen ${moment(now)}, ${link('run', run)}.`,
      },
      {
        text: `Environments with ${code(`rehearsed-in: ${environment}`)} take ${text(release.tag)} for that.`,
      },
    ])
  const steps = back?.steps.length ?? 0
  return onePage([
    { text: `## A rehearsal in ${text(environment)}` },
    {
      text: blocks(
        `${way}: ${code(environment)} goes back to ${text(to.tag)} in ${counted(steps, 'step')}, and ${text(release.tag)} is deployed there again.`,
        'Each half has its own plan, its own gate and its own record. A half that fails stops and asks, as any deployment does.',
      ),
    },
    ...(back?.warnings ?? []).map((warning) => ({ text: alert('WARNING', text(warning)) })),
  ])
}
