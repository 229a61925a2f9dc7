import { modes } from '../../domain/plan/modes.ts'
import { buildStep } from '../../domain/step/steps-in.ts'
import { text } from '../text/markdown.ts'
import { standingOf, type View } from './view.ts'

/** Returns true if the build failed: the environment is then untouched. */
export const failedInBuild = (view: View): boolean => stateOfBuild(view) === 'failed'

/** Returns which of the two failed, the build or the deployment of the built release; empty without a build. */
export function builtInWords(view: View): string {
  const { mode, release } = view.plan
  const tag = text(release.tag)
  switch (stateOfBuild(view)) {
    case 'failed':
      return modes[mode].changesEnvironment
        ? `${tag} is not built, so nothing was deployed.`
        : `${tag} is not built.`
    case 'succeeded':
      return `${tag} was built; what failed is its deployment.`
    case 'skipped':
      return `${tag} had been built before; what failed is its deployment.`
    default:
      return ''
  }
}

function stateOfBuild(view: View) {
  const build = buildStep(view.plan.steps)
  return build === null ? undefined : standingOf(view).steps.get(build.id)?.state
}
