import type { Notice } from './notice.ts'

/** The notice as a command reads it: its keys in this order. A change of its shape gets another `schema`. */
export const noticeAsJson = ({ id, point, at, facts }: Notice): object => ({
  schema: 1,
  id,
  on: point,
  at,
  ...facts,
})

/** The main values of a notice, by the names that every command of a deployment has for them. */
export const noticeVariables = ({ id, point, facts }: Notice): Readonly<Record<string, string>> => ({
  ROLLGATE_NOTICE: point,
  ROLLGATE_NOTICE_ID: id,
  ROLLGATE_TITLE: facts.title,
  ROLLGATE_REASON: facts.reason,
  ROLLGATE_OUTCOME: facts.outcome ?? '',
  ROLLGATE_PAUSE: facts.pause ?? '',
  ROLLGATE_RUN: facts.run,
  ROLLGATE_APP: facts.app,
  ROLLGATE_ENVIRONMENT: facts.environment,
  ROLLGATE_MODE: facts.mode,
  ROLLGATE_DEPLOYMENT: String(facts.deployment),
  ROLLGATE_RELEASE: facts.release.tag,
  ROLLGATE_SHA: facts.release.sha,
  ROLLGATE_PREVIOUS_RELEASE: facts.previous?.tag ?? '',
  ROLLGATE_PREVIOUS_SHA: facts.previous?.sha ?? '',
})
