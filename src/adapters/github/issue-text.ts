import type { IssuePlace } from '../../pipeline/ports.ts'
import { cutText } from './cut-text.ts'

/** Returns the invisible mark by which a program finds an issue or a comment again. */
export const placeMark = ({ app, environment }: IssuePlace): string =>
  `<!-- rollgate: issue of ${enclosed(app)}/${enclosed(environment)} -->`

export const keyMark = (key: string): string => `<!-- rollgate: tells ${enclosed(key)} -->`

/** Encodes a name for an HTML comment. It escapes `-->` and is injective: different names give different marks. */
const enclosed = (name: string): string => encodeURIComponent(name.toWellFormed()).replaceAll('--', '-%2D')

/** GitHub takes 65,536 characters. */
const most = 65_000

/** The marks come first, so that a long text cannot push them out. */
export const marked = (marks: readonly string[], text: string): string =>
  cutText([...marks, '', text].join('\n'), most)
