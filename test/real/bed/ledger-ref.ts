import { execFileSync } from 'node:child_process'
import { ledgerFiles } from '../../../src/adapters/github/ledger/files.ts'
import { ledgerRef } from '../../../src/adapters/github/ledger/ref.ts'
import { parseLedger } from '../../../src/adapters/github/ledger/text.ts'
import { emptyLedger, type Ledger } from '../../../src/domain/ledger/ledger.ts'
import type { LedgerStore } from '../../../src/pipeline/ports.ts'

const author = ['-c', 'user.name=rollgate', '-c', 'user.email=rollgate@invalid']

/** Runs git in a repository, and returns what it prints. */
export const gitIn = (gitDir: string, args: readonly string[], input = ''): string =>
  execFileSync('git', ['--git-dir', gitDir, ...author, ...args], {
    ...{ encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] },
  }).trim()

export interface RefFile {
  readonly file: string
  readonly text: string
}

/** Makes a commit of these files; nothing points at it yet. */
export function commitOf(
  gitDir: string,
  files: readonly RefFile[],
  parent: string | null,
  message = 'x',
): string {
  const lines = files.map(({ file, text }) => {
    const blob = gitIn(gitDir, ['hash-object', '-w', '--stdin'], text)
    return `100644 ${blob}\t${file}\n`
  })
  const index = `${gitDir}/index-${process.pid}-${Math.random()}`
  const env = { ...process.env, GIT_INDEX_FILE: index }
  const run = (args: readonly string[], input = '') =>
    execFileSync('git', ['--git-dir', gitDir, ...author, ...args], { encoding: 'utf8', input, env }).trim()
  run(['update-index', '--add', '--index-info'], lines.join(''))
  const tree = run(['write-tree'])
  return run(['commit-tree', tree, ...(parent === null ? [] : ['-p', parent]), '-m', message])
}

/** Ledgers in a repository on this machine, written as the GitHub ones are: by a fast-forward, with the same files. */
export function gitLedgers(gitDir: string): LedgerStore {
  const tip = (ref: string): string | null => {
    const found = gitIn(gitDir, ['for-each-ref', '--format=%(objectname)', ref])
    return found === '' ? null : found
  }
  return {
    neighbours: async () => [],
    async read(app, environment) {
      const ref = ledgerRef(app, environment)
      const head = tip(ref)
      if (head === null) return { head, ledger: emptyLedger(app, environment) }
      const text = gitIn(gitDir, ['cat-file', 'blob', `${head}:ledger.json`])
      return { head, ledger: parseLedger(text, { ref, app, environment }) }
    },
    tips: async (app, environment) => ({ ledger: tip(ledgerRef(app, environment)), asks: null }),
    async append(head, ledger: Ledger, message, made) {
      const ref = ledgerRef(ledger.app, ledger.environment)
      if (tip(ref) !== head) return null
      const commit = commitOf(gitDir, ledgerFiles(ledger), head, message)
      made?.(commit)
      gitIn(gitDir, ['update-ref', ref, commit, head ?? '0'.repeat(40)])
      return commit
    },
  }
}
