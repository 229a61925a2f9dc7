import { text } from './markdown.ts'

/** Calls somebody by name, so that GitHub tells them; what can be no login is only shown. */
export const mention = (login: string): string =>
  /^[a-z\d](?:[-_]?[a-z\d])*$/i.test(login) ? `@${login}` : text(login)
