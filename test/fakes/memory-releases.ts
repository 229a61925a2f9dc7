import { createHash } from 'node:crypto'
import { parseManifest } from '../../src/adapters/github/release/manifest-text.ts'
import { Problem } from '../../src/domain/problem.ts'
import { known as valueIn } from '../../src/domain/reading.ts'
import { type Report, standingReports } from '../../src/domain/release/check-reports.ts'
import type { Check } from '../../src/domain/release/checks.ts'
import { manifestName } from '../../src/domain/release/manifest.ts'
import type { ReleaseStore, StoredFile, StoredRelease } from '../../src/pipeline/ports.ts'
import type { ReleaseWorld } from '../contracts/release.contract.ts'
import type { createMemoryRepository } from './memory-repository.ts'

type Repository = ReturnType<typeof createMemoryRepository>

export interface MemoryReleases
  extends ReleaseStore,
    Pick<ReleaseWorld, 'commitStatus' | 'checkRun' | 'replaceAsset'> {
  /** The messages of annotated tags. */
  readonly messages: ReadonlyMap<string, string>
  /** Names of the rulesets that keep every tag. */
  readonly rulesets: string[]
}

/** GitHub Releases in memory, beside a repository in memory. */
export function createMemoryReleases(repository: Repository): MemoryReleases {
  let releases: StoredRelease[] = []
  let ids = 0
  const bytes = new Map<number, Buffer>()
  const checks = new Map<string, Report[]>()
  const messages = new Map<string, string>()
  const rulesets: string[] = []
  const known = (id: number): StoredRelease => {
    const found = releases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`there is no release ${id}`)
    return found
  }
  const change = (id: number, changed: Partial<StoredRelease>): StoredRelease => {
    const after = { ...known(id), ...changed }
    releases = releases.map((one) => (one.id === id ? after : one))
    return after
  }
  const say = (commit: string, check: Check) => {
    const report = { ...check, id: ++ids, app: null, workflow: null, attempts: null }
    checks.set(commit, [...(checks.get(commit) ?? []), report])
  }
  const told = (report: Report): Report => {
    const run = report.run === null ? undefined : repository.runOf(report.run)
    return run === undefined
      ? report
      : { ...report, workflow: `${run.workflow} ${run.event}`, attempts: run.attempt }
  }

  async function read(tag: string, file: StoredFile, wanted: string | null) {
    const content = bytes.get(file.id) ?? Buffer.alloc(0)
    const sha256 = digestOf(content)
    if (wanted !== null && sha256 !== wanted) throw tampered(tag, file.name)
    return { content, sha256 }
  }

  return {
    messages,
    rulesets,
    commitStatus: (commit, name, state) =>
      say(commit, {
        name,
        run: null,
        state: state === 'success' ? 'green' : state === 'pending' ? 'pending' : 'red',
      }),
    checkRun(commit, name, { status = 'completed', conclusion = 'success', run = 1 } = {}) {
      const green = conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped'
      say(commit, { name, run, state: status !== 'completed' ? 'pending' : green ? 'green' : 'red' })
    },
    replaceAsset(tag, name, text) {
      const of = releases.find((one) => one.tag === tag)
      if (of === undefined) throw new Error(`there is no release ${tag}`)
      for (const file of of.files) if (file.name === name) bytes.set(file.id, Buffer.from(text))
      const now = { size: Buffer.byteLength(text), sha256: digestOf(Buffer.from(text)) }
      change(of.id, { files: of.files.map((file) => (file.name === name ? { ...file, ...now } : file)) })
    },

    tagRules: async () => repository.seen(() => (rulesets.length === 0 ? null : rulesets)),
    commit: async (name) => repository.commitOf(name ?? 'main'),
    checks: async (commit) => standingReports((checks.get(commit) ?? []).map(told)),
    published: async (tag) => repository.seen(() => releases.find((one) => one.tag === tag && !one.draft)),
    all: async () => releases,
    async manifest(release) {
      const file = release.files.find(({ name, whole }) => name === manifestName && whole)
      if (file === undefined) return null
      const { content, sha256 } = await read(release.tag, file, file.sha256)
      return { manifest: parseManifest(content.toString('utf8'), release.tag), sha256 }
    },
    async download(release, { name, sha256 }) {
      const file = release.files.find((one) => one.name === name)
      if (file === undefined) throw tampered(release.tag, name)
      return new Blob([new Uint8Array((await read(release.tag, file, sha256)).content)])
    },
    notes: async (tag, _commit, previous) =>
      `**Full Changelog**: ${previous === null ? `commits/${tag}` : `compare/${previous}...${tag}`}`,
    async draft(tag, commit, text) {
      const url = `https://github.com/acme/shop/releases/tag/${tag}`
      const release: StoredRelease = {
        ...{ id: ++ids, tag, target: commit, text, url, uploads: '' },
        ...{ draft: true, prerelease: false, immutable: false, files: [] },
      }
      releases = [release, ...releases]
      return release
    },
    retext: async ({ id }, text) => void change(id, { text }),
    async attach({ id }, { name, content, sha256 }) {
      const file = { id: ++ids, name, size: content.size, sha256, whole: true }
      bytes.set(file.id, Buffer.from(await content.arrayBuffer()))
      change(id, { files: [...known(id).files, file] })
    },
    async detach(file) {
      for (const { id, files } of releases) change(id, { files: files.filter((one) => one.id !== file.id) })
    },
    async tag(name, commit, message) {
      const now = valueIn(await repository.resolveTag(name))
      if (now !== null) return now === commit
      await repository.tag(name, commit)
      if (message !== '') messages.set(name, message)
      return true
    },
    publish: async ({ id }, as) => change(id, { ...as, draft: false, immutable: true }),
    async discard({ id }) {
      releases = releases.filter((one) => one.id !== id)
    },
  }
}

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

const tampered = (tag: string, name: string) =>
  new Problem('release-tampered', { what: `${name} of ${tag} is another.`, why: '', next: '' })
