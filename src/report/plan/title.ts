import { type Plan, taskIn } from '../../domain/plan/plan.ts'
import { text } from '../text/markdown.ts'

/** `Deploy v1.3.0 to production`, as Markdown. */
export function deploymentTitle(plan: Plan): string {
  const { mode, release, environment } = plan
  const tag = text(release.tag)
  const place = text(environment.name)
  switch (mode) {
    case 'deploy':
      return `Deploy ${tag} to ${place}${base(plan)}`
    case 'rollback':
      return `Roll ${place} back to ${tag}`
    case 'redeploy':
      return `Redeploy ${tag} to ${place}`
    case 'restart':
      return `Restart ${tag} in ${place}`
    case 'scheduler-run':
      return `Bring the scheduler of ${tag} in ${place}`
    case 'task':
      return `Run ${text(taskIn(plan))} of ${tag} in ${place}`
    case 'build':
      return `Build ${tag} for ${place}`
  }
}

const base = ({ baseChange }: Plan): string =>
  baseChange === undefined ? '' : `, and base version ${text(baseChange.to ?? 'none')} with it`
