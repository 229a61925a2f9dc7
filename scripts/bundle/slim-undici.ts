import { cpSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packed } from './packed-data.ts'
import { refusal } from './refusal.ts'
import { passageOf, rewrite } from './rewrite.ts'

/**
 * Keeps the agents, with `request` of undici's API, and `connect`, which the agent for a proxy calls. @actions/http-client
 * asks for that one.
 *
 * - The parser of answers comes twice, with and without vector instructions. The plain one runs on every processor.
 * - HTTP/2 is off in undici by default, and Rollgate sends no form.
 * - A list of well-known headers spares writing their names in small letters; without it all names are written so.
 * - Debug lines of undici itself need NODE_DEBUG, which no action has; the channels stay.
 */
export function slimUndici(root: string, beside: string): void {
  const whole = join(root, 'node_modules/undici')
  const folder = join(beside, 'undici')
  cpSync(join(whole, 'lib'), join(folder, 'lib'), { recursive: true })
  for (const file of ['package.json', 'LICENSE']) cpSync(join(whole, file), join(folder, file))
  const texts = {
    'index.js': whenAsked,
    'lib/api/index.js':
      "exports.connect = require('./api-connect')\nexports.request = require('./api-request')\n",
    'lib/core/diagnostics.js': channelsAlone(readFileSync(join(whole, 'lib/core/diagnostics.js'), 'utf8')),
    'lib/llhttp/constants.js': constantsOf(whole),
    'lib/llhttp/llhttp_simd-wasm.js': "module.exports = require('./llhttp-wasm.js')\n",
    'lib/llhttp/llhttp-wasm.js': packedParser(join(whole, 'lib/llhttp/llhttp-wasm.js')),
    'lib/dispatcher/client-h2.js': `module.exports = () => {\n${refusal('HTTP/2')}}\n`,
    'lib/core/constants.js': 'exports.headerNameLowerCasedRecord = { __proto__: null }\n',
    'lib/core/tree.js': 'exports.tree = { lookup: () => null }\n',
    'lib/web/fetch/body.js': `exports.extractBody = () => {\n${refusal('a form')}}\n`,
  }
  cpSync(join(whole, 'index.js'), join(folder, 'index.js'))
  for (const [file, text] of Object.entries(texts)) rewrite(join(folder, file), () => text)
}

/** A run that asks GitHub nothing, like `rollgate check`, does not evaluate undici. */
const whenAsked = `const withRequests = (agent) => {
Object.assign(require('./lib/dispatcher/dispatcher.js').prototype, require('./lib/api/index.js'))
return agent
}
module.exports = {
get Agent() {
return withRequests(require('./lib/dispatcher/agent.js'))
},
get ProxyAgent() {
return withRequests(require('./lib/dispatcher/proxy-agent.js'))
},
}
`

/** Compressed, the parser is shorter by 46 KB, and read in a third of a millisecond. */
function packedParser(path: string): string {
  const bytes: Uint8Array = createRequire(path)(path)
  return `module.exports = ${packed(bytes)}\n`
}

/** Returns the text of a module with the channels of undici, without the listeners that write debug lines. */
export function channelsAlone(text: string): string {
  return [
    "const diagnosticsChannel = require('node:diagnostics_channel')",
    passageOf(text, /^const channels = \{\n[\s\S]*?^\}$/m),
    'module.exports = { channels }',
    '',
  ].join('\n')
}

/** The parser's list of constants names methods and characters too; the client reads these two groups. */
function constantsOf(whole: string): string {
  const path = join(whole, 'lib/llhttp/constants.js')
  const client = readFileSync(join(whole, 'lib/dispatcher/client-h1.js'), 'utf8')
  const groups = new Set([...client.matchAll(/\bconstants\.([A-Z]\w*)/g)].map(([, group = '']) => group))
  const all: Readonly<Record<string, unknown>> = createRequire(path)(path)
  const textOf = (group: string): string => {
    if (all[group] === undefined) throw new Error(`undici has no constants ${group}`)
    return `exports.${group} = ${JSON.stringify(all[group])}\n`
  }
  return [...groups].map(textOf).join('')
}
