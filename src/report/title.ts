import type { Plan } from '../domain/plan.ts'
import { text } from './markdown.ts'

/** `Deploy v1.3.0 to production`, as Markdown. */
export function deploymentTitle({ mode, release, environment }: Plan): string {
  const tag = text(release.tag)
  const place = text(environment.name)
  switch (mode) {
    case 'deploy':
      return `Deploy ${tag} to ${place}`
    case 'rollback':
      return `Roll ${place} back to ${tag}`
    case 'redeploy':
      return `Redeploy ${tag} to ${place}`
    case 'restart':
      return `Restart ${tag} in ${place}`
  }
}
