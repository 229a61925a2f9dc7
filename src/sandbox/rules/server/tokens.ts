import type { RulesTable } from '../rule.ts'
import { documented, inferred, left } from './row.ts'

const permissions = 'docs: automatic token authentication, permissions for the GITHUB_TOKEN'
const read = '2026-10'

/** Tokens: the things that they may do and see, and their form. */
export const tokenRules = {
  'permission-per-request': documented(
    'A request that its token has no permission for is refused with 403, and `x-accepted-github-permissions` names the permission.',
    'docs: permissions required for GitHub Apps',
    read,
  ),
  'unseen-is-not-found': documented(
    'A private repository that a token may not see is answered with 404, not with 403.',
    'docs: troubleshooting the REST API, 404 for an existing resource',
    read,
  ),
  'workflow-token-has-no-members': documented(
    'The token of a workflow can have neither `members` nor `administration`: it reads no team and no setting.',
    permissions,
    read,
  ),
  'fork-token-reads-only': documented(
    'In a run for a pull request from a fork, the token of the workflow writes nothing.',
    permissions,
    read,
  ),
  'tokens-are-long': documented(
    'Tokens of Apps, GITHUB_TOKEN among them, have about 520 characters, dots and dashes among them.',
    'changelog of 2026-05-15',
    '2026-05-15',
  ),
  'supported-api-version': documented(
    'A request for an unknown version of the API is refused with 400; 2022-11-28 and 2026-03-10 are known.',
    'changelog of 2026-03-12',
    '2026-03-12',
  ),
  'bodies-follow-the-description': inferred(
    'A body that lacks a required key, or has another type than described, is refused with 422.',
    'OpenAPI description 23.0.2, which says neither that each key is checked nor with which status',
    read,
  ),
  'immutability-setting-needs-admin': documented(
    'The setting of immutable releases is read by administrators only, never with the token of a workflow.',
    'OpenAPI description 23.0.2, repos/check-immutable-releases',
    read,
  ),
  'token-ends-with-job': left(
    'documented',
    'The token of a workflow ends with its job, after 24 hours at the latest.',
    permissions,
    read,
    'The runner hands out tokens; a token of the server lives as long as the sandbox.',
  ),
  'app-tokens-in-user-endpoints': left(
    'documented',
    'Fine-grained tokens and tokens of Apps are refused by endpoints that the description does not enable for them.',
    'OpenAPI description 23.0.2, enabledForGitHubApps',
    read,
    'The review of waiting jobs alone, among the requests that the sandbox answers, is closed to Apps; it has a row.',
  ),
  'api-of-enterprise-server': left(
    'documented',
    'GitHub Enterprise Server lags behind github.com: `deployment: false`, `$/` and immutable releases depend on its version.',
    'docs: versions of GitHub Enterprise Server',
    read,
    'The sandbox is a github.com.',
  ),
} as const satisfies RulesTable
