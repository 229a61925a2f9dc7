import { passwordsIn } from './address-login.ts'
import { type CheckFinding, foundIn } from './finding.ts'

/** Texts that are a secret by their form, each with its name. */
const forms: readonly (readonly [string, RegExp])[] = [
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/],
  ['a token of Slack', /\bxox[abeoprs]-[\w-]{10,}/],
  ['a key of AWS', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  [
    'the address of a webhook',
    /\bhttps:\/\/(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks|[\w.-]+\.webhook\.office\.com)\/(?!\$)\w/,
  ],
  [
    'a secret in an address',
    /\bhttps?:\/\/[^\s"'`]*[?&](?:(?:access|auth|api)[_-]?(?:token|key)|token|password|secret)=(?![$<{])[^\s"'`&]{4,}/i,
  ],
]

/**
 * Finds secrets that stand in the config itself. It is a file of the repository and part of every plan, and its texts are
 * shown in pages and logs.
 */
export const writtenSecretFindings = (path: string, text: string): CheckFinding[] =>
  text.split('\n').flatMap((line, at) => {
    const kind = kindOf(line)
    return kind === null
      ? []
      : [
          foundIn('problem', path, at + 1, {
            what: `This line has ${kind}, and every reader of the repository, of a plan or of a ledger sees it.`,
            next: 'Write a variable like $PASSWORD in its place, give the variable in the secret ROLLGATE_ENV, and make the old value invalid: it stays in the history of git.',
          }),
        ]
  })

/** A database on the same machine, of a sandbox, has a password that protects nothing. */
const nearby = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** A word in the place of a password, like `<password>`; in a comment also `password` itself. */
const placeholder = /^[<{]/
const example = /^(?:[<{]|(?:pass(?:word)?|secret|token)$)/i

function kindOf(line: string): string | null {
  const inPlace = line.trimStart().startsWith('#') ? example : placeholder
  const isLogin = passwordsIn(line).some(
    ({ from, to, host }) => !nearby.test(host) && !inPlace.test(line.slice(from, to)),
  )
  return isLogin ? 'a login in an address' : (forms.find(([, form]) => form.test(line))?.[0] ?? null)
}
