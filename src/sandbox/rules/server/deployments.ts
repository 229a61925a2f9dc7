import type { RulesTable } from '../rule.ts'

const openapi = "GitHub's OpenAPI description 23.0.2, repos/create-deployment"
const statusOpenapi = "GitHub's OpenAPI description 23.0.2, repos/create-deployment-status"

export const deploymentRules = {
  'deployment-auto-merge': {
    rule: '`auto_merge` is true unless it is sent: where the default branch is ahead of the ref, the answer is 202 and no deployment is made.',
    source: openapi,
    date: '2026-10',
    grounds: 'documented',
    kept: 'server',
  },
  'deployment-required-contexts': {
    rule: 'Without `required_contexts` every commit status of the ref must be a success; otherwise the answer is 409.',
    source: openapi,
    date: '2026-10',
    grounds: 'documented',
    kept: 'server',
  },
  'deployment-status-description': {
    rule: 'The description of a deployment status has at most 140 characters; a longer one is refused with 422.',
    source: statusOpenapi,
    date: '2026-10',
    grounds: 'documented',
    kept: 'server',
  },
  'auto-inactive-spares-production': {
    rule: '`auto_inactive` makes older successful deployments inactive only if they are neither transient nor production.',
    source: statusOpenapi,
    date: '2026-10',
    grounds: 'documented',
    kept: 'server',
  },
} as const satisfies RulesTable
