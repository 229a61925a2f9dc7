import { deploymentRules } from './server/deployments.ts'

/** The rules of GitHub's REST API and of what stands behind it. */
export const serverRules = {
  ...deploymentRules,
}
