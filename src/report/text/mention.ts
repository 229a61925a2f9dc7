import { text } from './markdown.ts'

/** Mentions a login, so that GitHub notifies the person; a text that can be no login is only shown. */
export const mention = (login: string): string =>
  /^[a-z\d](?:[-_]?[a-z\d])*$/i.test(login) ? `@${login}` : text(login)
