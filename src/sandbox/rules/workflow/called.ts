import type { RulesTable } from '../rule.ts'

/** The rules of workflows that are called. */
export const calledRules = {
  'self-hosted-owner-border': {
    rule: 'A called workflow of another owner gets no self-hosted and no larger runner of the caller: its job cannot be queued and fails.',
    source:
      'github/docs, content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md at 042be307; annotation in runs of cdloh/provider-cloudflare 8501101558',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'environment-secrets-owner-border': {
    rule: 'In a called workflow of another owner every secret of an environment is empty, however it is passed.',
    source: 'rios0rios0/pipelines#579, a probe against a real environment',
    date: '2026-08-16',
    grounds: 'reported',
    kept: 'workflow',
  },
  'environment-secrets-isolated': {
    rule: 'In a called workflow a secret of the environment is empty unless the call passes its name, even with an empty value, or inherits.',
    source: 'actions/runner#4453, 47ng/actions-clever-cloud#259',
    date: '2026-07-24',
    grounds: 'reported',
    kept: 'workflow',
  },
  'environment-variables-cross': {
    rule: 'A variable of the environment reaches its job in a called workflow too, of any owner.',
    source: 'rios0rios0/pipelines#579',
    date: '2026-08-16',
    grounds: 'reported',
    kept: 'workflow',
  },
  'called-secrets-passed': {
    rule: 'A called workflow reads only the secrets that the call passes by name, or all of them by `inherit`.',
    source: 'github/docs, content/actions/how-tos/reuse-automations/reuse-workflows.md at 031006ab',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-secrets-one-level': {
    rule: 'Secrets are passed to the directly called workflow alone: what this one calls has none unless it passes them on.',
    source: 'github/docs, content/actions/how-tos/reuse-automations/reuse-workflows.md at 031006ab',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'inherit-owner-border': {
    rule: '`secrets: inherit` works within one organisation or enterprise; across owners nothing is inherited.',
    source: 'github/docs, content/actions/how-tos/reuse-automations/reuse-workflows.md at 031006ab',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-secrets-declared': {
    rule: 'A call that passes an undeclared secret, or lacks a required one, is refused at the start.',
    source: 'github/docs, content/actions/how-tos/reuse-automations/reuse-workflows.md at 031006ab',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-inputs-declared': {
    rule: 'A call that passes an undeclared input, or lacks a required one, is refused at the start.',
    source: 'github/docs, content/actions/how-tos/reuse-automations/reuse-workflows.md at 031006ab',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-input-types': {
    rule: 'Inputs of a called workflow are `boolean`, `number` or `string`, and a value of another type fails the call.',
    source:
      'github/docs, content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md at 042be307',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-variables-of-caller': {
    rule: 'A called workflow reads the variables of the repository and the organisation of its caller.',
    source:
      'github/docs, content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md at 042be307',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-permissions-downgraded': {
    rule: 'A called workflow that asks for more than the calling job grants is refused at the start, whatever its conditions.',
    source:
      'github/docs, content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md at 042be307',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-levels': {
    rule: 'Workflows are nested in at most ten levels with the caller, and in four on GitHub Enterprise Server.',
    source: 'github/docs#41320',
    date: '2025-12-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'called-50-workflows': {
    rule: 'One run calls at most 50 workflows.',
    source: 'github/docs#41320',
    date: '2025-12-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'env-stays-in-its-file': {
    rule: '`env` of a workflow does not reach the workflows that it calls.',
    source:
      'github/docs, content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md at 042be307',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
} as const satisfies RulesTable
