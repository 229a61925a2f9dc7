import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaced, rewrite } from './rewrite.ts'

/**
 * Keeps of the toolkit what Rollgate calls. Its packages do not say that a file without a caller can be left out: then job
 * summaries, OpenID tokens and the payload of the event come along.
 */
export function slimToolkit(root: string, beside: string): void {
  cpSync(join(root, 'node_modules/@actions'), join(beside, '@actions'), { recursive: true })
  for (const name of ['core', 'github']) {
    const path = join(beside, '@actions', name, 'package.json')
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), sideEffects: false }))
  }
  for (const file of ['github.js', 'utils.js'])
    rewrite(join(beside, '@actions/github/lib', file), (text) =>
      replaced(text, /= new Context\.Context\(\)/, '= /* @__PURE__ */ new Context.Context()'),
    )
  // Rollgate asks for page after page itself, and stops where it found what it looks for.
  rewrite(join(beside, '@actions/github/lib/utils.js'), (text) => replaced(text, /, paginateRest\)/, ')'))
  // Octokit is given a fetch for each client.
  rewrite(join(beside, '@actions/github/lib/utils.js'), (text) =>
    replaced(text, /,\n +request: \{[^}]*\}/, ''),
  )
  withoutGraphql(root, beside)
  withoutBigNumbers(root, beside)
}

/** Octokit's core makes a method for GraphQL beside the one for REST, which is the only one that Rollgate calls. */
function withoutGraphql(root: string, beside: string): void {
  cpSync(join(root, 'node_modules/@octokit/core'), join(beside, '@octokit/core'), { recursive: true })
  rewrite(join(beside, '@octokit/core/dist-src/index.js'), (text) =>
    [/^import \{ withCustomRequest \} .*\n/m, /^ +this\.graphql = withCustomRequest.*\n/m].reduce(
      (rest, line) => replaced(rest, line, ''),
      text,
    ),
  )
}

/**
 * Octokit reads whole numbers above 2^53 as BigInt. The largest ones that Rollgate gets from GitHub are ids of runs and checks.
 * GitHub counts them up: they have eleven digits, and 2^53 has sixteen.
 */
function withoutBigNumbers(root: string, beside: string): void {
  cpSync(join(root, 'node_modules/@octokit/request'), join(beside, '@octokit/request'), { recursive: true })
  rewrite(join(beside, '@octokit/request/dist-bundle/index.js'), (text) =>
    replaced(
      text,
      /^import \{ JSONParse, JSONStringify \} .*$/m,
      'const JSONParse = JSON.parse, JSONStringify = JSON.stringify;',
    ),
  )
}

/**
 * Octokit's plugin for retries has a queue of a thousand lines for each request, which never holds another one. The plugin
 * uses this much: a job that failed runs again after the milliseconds that the listener returns, if it returns any.
 */
export function queueOfOne(root: string, beside: string): void {
  cpSync(join(root, 'node_modules/@octokit/plugin-retry'), join(beside, '@octokit/plugin-retry'), {
    recursive: true,
  })
  mkdirSync(join(beside, 'bottleneck'))
  writeFileSync(join(beside, 'bottleneck/package.json'), '{ "name": "bottleneck" }\n')
  writeFileSync(join(beside, 'bottleneck/light.js'), oneJob)
}

/** The module of that queue. */
export const oneJob = `module.exports = class {
  on(name, listener) {
    this[name] = listener
  }
  async schedule(job, ...words) {
    for (let retryCount = 0; ; retryCount++)
      try {
        return await job(...words)
      } catch (error) {
        const wait = await this.failed(error, { retryCount })
        if (wait == null) throw error
        await new Promise((done) => setTimeout(done, wait))
      }
  }
}
`
