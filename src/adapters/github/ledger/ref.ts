/**
 * Returns the ref of a ledger: `refs/rollgate/<app>/<environment>`. ASCII letters, digits, `-` and `_` stand
 * for themselves; every other byte of the UTF-8 text is `=` and two hexadecimal digits (`EU/test` →
 * `EU=2Ftest`). git may keep a ref as a file, so a name that is too long for a file continues after `=/`.
 */
export const ledgerRef = (app: string, environment: string): string =>
  `refs/rollgate/${encoded(app)}/${encoded(environment)}`

/** The names behind a reference, or null when it is no ledger's. */
export function ledgerNames(ref: string): { app: string; environment: string } | null {
  const [root, space, app = '', environment = '', ...more] = ref.replaceAll('=/', '').split('/')
  const names = { app: decoded(app), environment: decoded(environment) }
  const whole = root === 'refs' && space === 'rollgate' && more.length === 0
  return whole && ledgerRef(names.app, names.environment) === ref ? names : null
}

function encoded(name: string): string {
  const bytes = Buffer.from(name).toString('latin1')
  return bytes.replace(/[^\w-]/g, asHex).replace(/.{200}(?=.)/g, '$&=/')
}

function decoded(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString()
}

const asHex = (byte: string) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
