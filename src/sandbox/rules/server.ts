import { deploymentRules } from './server/deployments.ts'
import { environmentRules } from './server/environments.ts'
import { eventRules } from './server/events.ts'
import { limitRules } from './server/limits.ts'
import { referenceRules } from './server/references.ts'
import { releaseRules } from './server/releases.ts'
import { tokenRules } from './server/tokens.ts'

/** The rules of GitHub's REST API and of what stands behind it. */
export const serverRules = {
  ...tokenRules,
  ...limitRules,
  ...referenceRules,
  ...releaseRules,
  ...deploymentRules,
  ...environmentRules,
  ...eventRules,
}
