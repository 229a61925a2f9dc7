import type { RulesTable } from '../rule.ts'

/** The rules of forms and schedules. */
export const formRules = {
  'form-25-inputs': {
    rule: 'A form of `workflow_dispatch` has at most 25 inputs.',
    source: "GitHub's OpenAPI description 23.0.2, actions/create-workflow-dispatch",
    date: '2026-10',
    grounds: 'documented',
    kept: 'workflow',
  },
  'form-65535-characters': {
    rule: 'The inputs of a form have at most 65,535 characters together.',
    source: 'github/docs, events that trigger workflows',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'form-inputs-known': {
    rule: 'A dispatch with an input that the form lacks is refused.',
    source: 'convictional/trigger-workflow-and-wait#53',
    date: '2022-07-27',
    grounds: 'reported',
    kept: 'workflow',
  },
  'form-inputs-required': {
    rule: 'A dispatch without a required input is refused.',
    source:
      "GitHub's form, which asks for them; the page of actions/create-workflow-dispatch names no refusal",
    date: '2026-10',
    grounds: 'inferred',
    kept: 'workflow',
  },
  'form-input-types': {
    rule: 'A choice takes only its options, a boolean only true and false, a number only numbers.',
    source:
      "GitHub's form, which offers no others; the page of actions/create-workflow-dispatch names no refusal",
    date: '2026-10',
    grounds: 'inferred',
    kept: 'workflow',
  },
  'form-on-default-branch': {
    rule: 'A form is there only if its file is on the default branch; the run uses the file at the chosen ref.',
    source: 'github/docs, events that trigger workflows',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'schedule-on-default-branch': {
    rule: 'A schedule runs on the default branch alone.',
    source: 'github/docs, events that trigger workflows',
    date: '2026-11',
    grounds: 'documented',
    kept: 'workflow',
  },
  'schedule-5-minutes': {
    rule: 'A schedule runs every five minutes at most.',
    source: 'github/docs, events that trigger workflows',
    date: '2026-11',
    grounds: 'documented',
    kept: {
      notModelled: 'A story calls the clock when it wants to; a test holds the interval in the files.',
    },
  },
} as const satisfies RulesTable
