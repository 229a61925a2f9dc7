import type { RulesTable } from '../rule.ts'

const noIdentity = 'The sandbox issues no identity tokens. Rollgate asks for none; the steps of a team may.'

/** The rules of the identity that a job shows to other systems, and of protection by Apps. */
export const identityRules = {
  'identity-of-environment': {
    rule: 'The subject of the identity token of a job in an environment is `repo:<owner>/<name>:environment:<name>`, without the ref.',
    source: 'github/docs, OpenID Connect reference',
    date: '2026-11',
    grounds: 'documented',
    kept: { notModelled: noIdentity },
  },
  'identity-with-numbers': {
    rule: 'The subject has the numbers of owner and repository as well where the repository was made, renamed or moved after 2026-07-15.',
    source: 'github/docs, OpenID Connect reference',
    date: '2026-07-15',
    grounds: 'documented',
    kept: { notModelled: noIdentity },
  },
  'identity-without-deployment': {
    rule: 'It is not documented whether a job with `deployment: false` has the environment in its identity token.',
    source: 'no source settles it',
    date: '2026-11',
    grounds: 'inferred',
    kept: { notModelled: noIdentity },
  },
  'custom-rules-at-most-six': {
    rule: 'An environment has at most six custom protection rules, and each App answers its own.',
    source: 'github/docs, deployments and environments',
    date: '2026-11',
    grounds: 'documented',
    kept: {
      notModelled:
        'A custom rule ends a job with `deployment: false`, so that no App is asked for its answer.',
    },
  },
  'attest-permissions': {
    rule: 'An attestation needs `id-token: write` and `attestations: write`; `artifact-metadata: write` only with a record of storage.',
    source: 'actions/attest, action.yml @1e69f48',
    date: '2026-08-04',
    grounds: 'documented',
    kept: {
      notModelled: 'The sandbox has no certificate authority; the release workflow names the permissions.',
    },
  },
} as const satisfies RulesTable
