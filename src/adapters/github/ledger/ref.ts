/**
 * Returns the ref of a ledger: `refs/rollgate/<app>/<environment>`. ASCII letters, digits, `-` and `_` stand
 * for themselves; every other byte of the UTF-8 text is `=` and two hexadecimal digits (`EU/test` →
 * `EU=2Ftest`). git may keep a ref as a file, so a name that is too long for a file continues after `=/`.
 */
export const ledgerRef = (app: string, environment: string): string =>
  `refs/rollgate/${encoded(app)}/${encoded(environment)}`

/** Returns the ref of the asks to the holder of a ledger, named by the same rules. */
export const asksRef = (app: string, environment: string): string =>
  `refs/rollgate-asks/${encoded(app)}/${encoded(environment)}`

/** Returns the ref with the answers of an app's doctor, named by the same rules. */
export const doctorRef = (app: string): string => `refs/rollgate-doctor/${encoded(app)}`

/** The folder of the references that a doctor makes and removes. */
export const probeFolder = 'refs/rollgate-probe/'

/** Returns the ref that one job of a run makes and removes. */
export const probeRef = (run: { readonly id: number; readonly attempt: number }, job: string): string =>
  `${probeFolder}${run.id}-${run.attempt}${job === '' ? '' : `-${encoded(job)}`}`

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
