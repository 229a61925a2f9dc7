import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { refusal } from './refusal.ts'
import { passageOf, rewrite } from './rewrite.ts'

/**
 * Keeps one client of PostgreSQL, which Rollgate opens for each database: no pool of them, and no native one. For that one
 * ncc would leave `eval`, beside which no name of the whole bundle can be shortened: half a megabyte.
 *
 * Rollgate reads every value as text by a reader of its own, so that the readers of pg-types have nothing to do.
 */
export function slimPostgres(root: string, beside: string): void {
  const folder = join(beside, 'pg')
  cpSync(join(root, 'node_modules/pg'), folder, { recursive: true })
  rewrite(join(folder, 'lib/index.js'), () => "exports.Client = require('./client')\n")
  rewrite(join(folder, 'lib/native/index.js'), () => refusal('the native client of PostgreSQL'))
  cpSync(join(root, 'node_modules/pg-types'), join(beside, 'pg-types'), { recursive: true })
  const reader = `exports.getTypeParser = () => () => {\n${refusal('a reader of values')}}\n`
  rewrite(join(beside, 'pg-types/index.js'), () => reader)
  slimAddresses(root, join(beside, 'pg-connection-string'))
}

/** Keeps the reader of an address. Its warning of the meaning of `sslmode` has no place: Rollgate asks for the one of libpq. */
function slimAddresses(root: string, folder: string): void {
  cpSync(join(root, 'node_modules/pg-connection-string'), folder, { recursive: true })
  const silent = 'const deprecatedSslModeWarning = () => {}\nmodule.exports = { parse }\n'
  rewrite(
    join(folder, 'index.js'),
    (text) => passageOf(text, /^[\s\S]*?(?=\/\/ convert pg-connection-string ssl config)/) + silent,
  )
}
