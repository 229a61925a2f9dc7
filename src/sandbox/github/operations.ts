/**
 * The operations of GitHub's REST API that the sandbox answers, each with the token permission it asks for.
 * `scripts/openapi-subset.ts` cuts the OpenAPI description down to this list.
 */
export const operations = {
  'rate-limit/get': 'metadata:read',
  'repos/get': 'metadata:read',
  'repos/get-collaborator-permission-level': 'metadata:read',
  'teams/get-by-name': 'members:read',
  'teams/get-membership-for-user-in-org': 'members:read',

  'git/get-ref': 'contents:read',
  'git/list-matching-refs': 'contents:read',
  'git/create-ref': 'contents:write',
  'git/update-ref': 'contents:write',
  'git/delete-ref': 'contents:write',
  'git/create-tree': 'contents:write',
  'git/get-tree': 'contents:read',
  'git/create-commit': 'contents:write',
  'git/get-commit': 'contents:read',
  'git/create-blob': 'contents:write',
  'git/get-blob': 'contents:read',
  'git/get-tag': 'contents:read',
  'git/create-tag': 'contents:write',
  'repos/get-content': 'contents:read',
  'repos/get-commit': 'contents:read',
  'repos/compare-commits-with-basehead': 'contents:read',

  'repos/list-releases': 'contents:read',
  'repos/get-release': 'contents:read',
  'repos/get-release-by-tag': 'contents:read',
  'repos/create-release': 'contents:write',
  'repos/update-release': 'contents:write',
  'repos/delete-release': 'contents:write',
  'repos/generate-release-notes': 'contents:write',
  'repos/check-immutable-releases': 'administration:read',
  'repos/list-release-assets': 'contents:read',
  'repos/get-release-asset': 'contents:read',
  'repos/upload-release-asset': 'contents:write',
  'repos/delete-release-asset': 'contents:write',

  'repos/get-repo-rulesets': 'metadata:read',
  'repos/get-repo-ruleset': 'metadata:read',

  'repos/get-combined-status-for-ref': 'statuses:read',
  'checks/list-for-ref': 'checks:read',

  'repos/list-deployments': 'deployments:read',
  'repos/create-deployment': 'deployments:write',
  'repos/get-deployment': 'deployments:read',
  'repos/delete-deployment': 'deployments:write',
  'repos/list-deployment-statuses': 'deployments:read',
  'repos/create-deployment-status': 'deployments:write',

  'repos/get-all-environments': 'actions:read',
  'repos/get-environment': 'actions:read',
  'repos/list-deployment-branch-policies': 'actions:read',

  'actions/list-workflow-runs-for-repo': 'actions:read',
  'actions/get-workflow-run': 'actions:read',
  'actions/get-reviews-for-run': 'actions:read',
  'actions/get-pending-deployments-for-run': 'actions:read',
  'actions/review-pending-deployments-for-run': 'deployments:write',
  'actions/create-workflow-dispatch': 'actions:write',
  'repos/create-dispatch-event': 'contents:write',

  'issues/list-for-repo': 'issues:read',
  'issues/get-label': 'issues:read',
  'issues/get': 'issues:read',
  'issues/create': 'issues:write',
  'issues/update': 'issues:write',
  'issues/list-comments': 'issues:read',
  'issues/create-comment': 'issues:write',
} as const satisfies Record<string, Need>

export type OperationId = keyof typeof operations

/** The permission that a call needs: `<permission>:<access>`. */
export type Need = `${string}:${'read' | 'write'}`
