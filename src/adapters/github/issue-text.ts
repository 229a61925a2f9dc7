import type { IssuePlace } from '../../pipeline/ports.ts'

/** What a program finds again in an issue or a comment, and no reader sees. */
export const placeMark = ({ app, environment }: IssuePlace): string =>
  `<!-- rollgate: issue of ${enclosed(app)}/${enclosed(environment)} -->`

export const keyMark = (key: string): string => `<!-- rollgate: tells ${enclosed(key)} -->`

/** Nothing in it can end the comment, and no two names become one. */
const enclosed = (name: string): string => encodeURIComponent(name.toWellFormed()).replaceAll('--', '-%2D')

/** GitHub takes 65,536 characters. */
const most = 65_000

/** The marks come first, so that a long text cannot push them out. */
export function marked(marks: readonly string[], text: string): string {
  const whole = [...marks, '', text].join('\n')
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).toWellFormed()}…`
}
