import type { RulesTable } from '../rule.ts'
import { documented, left, reported } from './row.ts'

const rates = 'docs: rate limits for the REST API'
const contents = 'OpenAPI description 23.0.2, repos/get-content'
const read = '2026-10'

/** Rates, sizes and pages. */
export const limitRules = {
  'rate-of-workflow-tokens': documented(
    'The tokens of all workflows of a repository have 1,000 requests an hour together; then 403 with `x-ratelimit-remaining: 0`.',
    rates,
    read,
  ),
  'rate-of-other-tokens': documented(
    'A user, or an App in its installation, has 5,000 requests an hour.',
    rates,
    read,
  ),
  'rate-limit-is-free': documented('Reading the rate limit counts for none.', rates, read),
  'points-a-minute': documented(
    'Requests of a minute have at most 900 points, 1 a reading and 5 a writing one; then 403 with `retry-after`.',
    rates,
    read,
  ),
  'contents-a-minute': documented(
    'At most 80 requests of a minute make content; then 403 with `retry-after`.',
    `${rates}; the description marks issues/create, issues/create-comment and repos/create-release`,
    read,
  ),
  'contents-an-hour': documented(
    'At most 500 requests of an hour make content; then 403 with `retry-after`.',
    rates,
    read,
  ),
  'requests-at-once': documented('At most 100 requests are under way at once.', rates, read),
  'page-size': documented(
    'A page has at most 100 entries, whatever `per_page` asks for.',
    'docs: pagination',
    read,
  ),
  'comparison-commits': documented(
    'A comparison without pages lists at most 250 commits.',
    'OpenAPI description 23.0.2, repos/compare-commits-with-basehead',
    read,
  ),
  'comparison-files': documented(
    'A comparison lists at most 300 files, all on its first page.',
    'OpenAPI description 23.0.2, repos/compare-commits-with-basehead',
    read,
  ),
  'commit-files': documented(
    'A commit lists at most 300 files a page.',
    'OpenAPI description 23.0.2, repos/get-commit',
    read,
  ),
  'folder-entries': documented('A folder lists at most 1,000 entries.', contents, read),
  'file-above-one-megabyte': documented(
    'A file above 1 MB is read raw; as JSON its content is empty.',
    contents,
    read,
  ),
  'tree-entries': documented(
    'A recursive tree lists at most 100,000 entries, and says that it is truncated.',
    'OpenAPI description 23.0.2, git/get-tree',
    read,
  ),
  'issue-body-length': reported(
    'The text of an issue or comment has at most 65,536 characters; a longer one is refused with 422.',
    'telia-oss/github-pr-resource#259; googleapis/release-please#1034',
    '2021-09-03',
  ),
  'issues-with-every-label': documented(
    'A list of issues by several labels has those that carry every one of them.',
    'OpenAPI description 23.0.2, issues/list-for-repo',
    read,
  ),
  'reads-lag-behind-writes': left(
    'reported',
    'A reading right after a writing may still show what was before.',
    'PyGithub/PyGithub#2759, a reference; cli/cli#6599, a release; transparent-pegasus/qr-crypt#73, a tag; no page says which readings, or for how long',
    '2026-08-02',
    'By default each reading is current. The fault `stale` answers a reading as the one before it.',
  ),
  'git-writes-as-content': left(
    'inferred',
    'It is not documented whether git objects, references and Deployments count as content.',
    rates,
    read,
    'The sandbox counts what the description marks as notifying; every writing request counts by its points.',
  ),
  'rate-of-enterprise': left(
    'documented',
    'Repositories of Enterprise Cloud have 15,000 requests an hour.',
    rates,
    read,
    'The lower figure is the one to be ready for.',
  ),
  'compute-time': left(
    'documented',
    'Requests of a minute take at most 90 seconds of processor time.',
    rates,
    read,
    'The time of the sandbox is not that of GitHub.',
  ),
  'rate-of-graphql': left(
    'documented',
    'GraphQL has limits of its own, 2,000 points a minute.',
    rates,
    read,
    'Rollgate asks REST alone.',
  ),
  'file-above-hundred-megabytes': left(
    'documented',
    'A file above 100 MB is not read by the API of contents.',
    contents,
    read,
    'No test should hold such a file; Rollgate reads its config and its ledger so.',
  ),
} as const satisfies RulesTable
