import type { RulesTable } from '../rule.ts'
import { documented, inferred, left, reported } from './row.ts'

const refs = 'OpenAPI description 23.0.2, git/create-ref and git/update-ref'
const rulesets = 'docs: available rules for rulesets'
const read = '2026-10'

/** References, tags and git objects. */
export const referenceRules = {
  'reference-name': documented(
    'The name of a reference begins with `refs`, has at least two slashes, and is valid to git; another is refused with 422.',
    refs,
    read,
  ),
  'reference-in-any-namespace': reported(
    'References below any `refs/<namespace>/` are made, moved and kept.',
    'Renovate keeps refs/renovate/branches/* so',
    '2026-10',
  ),
  'reference-names-have-case': documented(
    'Names of branches and tags have case: `v1` and `V1` are two tags.',
    'git, git-check-ref-format',
    read,
  ),
  'reference-is-made-once': reported(
    'An existing reference is not made again: 422 "Reference already exists".',
    'renovatebot/renovate#20281; the description has the status without its cause',
    '2023-02-07',
  ),
  'reference-moves-forward': documented(
    'Without `force` a reference moves only to a descendant of its commit; of two writers from one parent the second is refused.',
    refs,
    read,
  ),
  'branch-holds-commits': inferred(
    'A branch points at a commit, never at another object.',
    'git, git-update-ref, which refuses it; no page says so of REST',
    read,
  ),
  'branch-before-tag': inferred(
    'A short name that a branch and a tag share means the branch.',
    'docs: commits, refs of the REST API, which name branches first; git itself takes the tag',
    read,
  ),
  'unreferenced-objects-are-readable': reported(
    'A commit is readable by its SHA even if no reference of the repository leads to it, as commits of forks are.',
    'impostor commits, as zizmor describes them',
    read,
  ),
  'ruleset-keeps-tags': documented(
    'An active ruleset refuses to create, update or delete the tags that it covers: 422.',
    `${rulesets}; "Repository rule violations found"`,
    read,
  ),
  'workflows-in-moved-references': reported(
    'The token of a workflow moves a branch or tag only to workflows that some branch has already: otherwise 403 names `workflows=write`.',
    'mkb79/Audible#882; cloudposse/atmos#2962',
    '2026-06',
  ),
  'tree-with-content': documented(
    'A tree is made with the content of its files in the request.',
    'OpenAPI description 23.0.2, git/create-tree',
    read,
  ),
  'commit-parents-exist': inferred(
    'A commit is made of a tree and parents that exist; otherwise 422.',
    'OpenAPI description 23.0.2, git/create-commit, which has the status without its cause',
    read,
  ),
  'reference-update-fails': left(
    'reported',
    'Making a reference may fail with 422 "Reference update failed" for a moment, without a reason.',
    'github/rest-api-description#4887',
    '2025-06-04',
    'By default each request is answered; the fault `status` refuses one so. Rollgate asks again.',
  ),
  'workflows-in-made-references': left(
    'reported',
    'The token of a workflow may make a reference to other workflows by REST, which a push would refuse.',
    'RafPe/pod-certificate-signer#129',
    '2026-06',
    'The reports disagree, so that nothing is refused; it is to be proved on a live repository.',
  ),
  'workflows-in-pushes': left(
    'reported',
    'A push with the token of a workflow is refused if its workflows differ from the tip of every branch.',
    'RafPe/pod-certificate-signer#128; elgorro/aiquila#597',
    '2026-06',
    'Nothing is pushed to the sandbox over git; moving a reference by REST has a row.',
  ),
  'rulesets-beyond-branches-and-tags': left(
    'inferred',
    'It is not documented whether a ruleset for all names covers references outside branches and tags.',
    rulesets,
    read,
    'Rulesets of the sandbox cover tags alone. A refusal ends a run with `github-refused`; it is to be proved on a live repository.',
  ),
  'references-by-graphql': left(
    'documented',
    'GraphQL moves several references at once, each from a known value.',
    'GraphQL schema, updateRefs',
    read,
    'Rollgate asks REST alone.',
  ),
} as const satisfies RulesTable
