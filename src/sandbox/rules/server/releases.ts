import type { RulesTable } from '../rule.ts'
import { documented, inferred, left, reported } from './row.ts'

const immutable = 'docs: immutable releases @072f871e'
const creating = 'OpenAPI description 23.0.2, repos/create-release'
const read = '2026-10'

/** Releases, their files, and their immutability. */
export const releaseRules = {
  'release-of-other-workflows': documented(
    'The token of a workflow makes no release of a commit whose workflows differ from the default branch: 404.',
    creating,
    read,
  ),
  'release-makes-tag': documented('A published release makes its tag where there is none.', creating, read),
  'release-tag-is-single': reported(
    'A tag has one published release; a second is refused with 422.',
    'conventional-changelog/releaser-tools#50; anton-yurchenko/git-release#144',
    '2025-04-10',
  ),
  'draft-has-no-tag': documented(
    'A draft makes no tag, and is not found by one.',
    'OpenAPI description 23.0.2, repos/get-release-by-tag',
    read,
  ),
  'release-is-immutable': documented(
    'A published release is immutable where the setting is on; a draft is not.',
    `${immutable}; GA 2025-10-28`,
    '2025-10-28',
  ),
  'immutable-files-are-fixed': documented(
    'No file is added to an immutable release, or taken from it.',
    immutable,
    read,
  ),
  'immutable-tag-is-fixed': documented(
    'The tag of an immutable release is neither moved nor deleted.',
    immutable,
    read,
  ),
  'immutable-text-may-change': documented(
    'Title and notes of an immutable release may change.',
    immutable,
    read,
  ),
  'immutable-tag-is-burned': documented(
    'After an immutable release was deleted, its tag name is never used again: 422.',
    `${immutable}; genealogix/glx#1047, SalamLang/Salam#1627`,
    '2026-09-08',
  ),
  'file-digest': documented(
    'Each file of a release shows its SHA-256, as `sha256:…`, or null.',
    'changelog of 2025-06-03',
    '2025-06-03',
  ),
  'file-name-is-single': documented(
    'A release has each file name once; a second upload is refused with 422.',
    'OpenAPI description 23.0.2, repos/upload-release-asset',
    read,
  ),
  'file-name-letters': inferred(
    'Letters of a file name that GitHub does not take become dots.',
    'OpenAPI description 23.0.2, repos/upload-release-asset, which says that files are renamed, and not how',
    read,
  ),
  'release-body-length': reported(
    'The notes of a release have at most 125,000 characters; longer ones are refused with 422.',
    'ncipollo/release-action#493',
    '2025-01-30',
  ),
  'notes-need-previous-tag': inferred(
    'Generated notes need a previous tag that exists, where one is named: otherwise 404.',
    'OpenAPI description 23.0.2, repos/generate-release-notes, which has the status without its cause',
    read,
  ),
  'release-attestations': left(
    'documented',
    'An immutable release gets an attestation, some time after it was published.',
    immutable,
    read,
    'The sandbox has no certificate authority; Rollgate compares digests of its manifest.',
  ),
  'attestations-by-plan': left(
    'documented',
    'Attestations are for public repositories, and for private ones of Enterprise Cloud alone.',
    'docs: artifact attestations',
    read,
    'The sandbox has no certificate authority.',
  ),
  'burned-after-repository': left(
    'documented',
    'A tag stays burned when its repository is deleted and made again.',
    immutable,
    read,
    'A repository of the sandbox lives as long as the sandbox.',
  ),
  'marketplace-description': left(
    'reported',
    'The Marketplace takes an action whose description has fewer than 125 characters.',
    'Factory-AI/droid-action#114',
    '2026-08',
    'The sandbox has no Marketplace; the description is counted by a test of its own.',
  ),
  'run-artifacts-expire': left(
    'documented',
    'Artifacts of runs expire after 90 days unless configured otherwise.',
    'docs: storing and sharing data from a workflow',
    read,
    'Rollgate keeps nothing in artifacts of runs.',
  ),
} as const satisfies RulesTable
