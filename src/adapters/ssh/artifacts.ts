import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { KEPT_RELEASES } from '../../domain/config/fleet.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Cargo, Finished, HeldFile, Variables, Watch } from '../../pipeline/ports.ts'
import { follow } from '../checkout-files.ts'
import { digestOfFile } from '../digest.ts'
import { sayEnding } from '../ending.ts'
import { folderNamed } from '../folder-name.ts'
import { lookForArtifact, placeArtifact, readBack, receiveAs } from './artifact-scripts.ts'
import type { Means } from './connection.ts'
import type { RemoteHost } from './remote-host.ts'
import { receiveFile, sendFile } from './sending.ts'
import { causeOf } from './unwritten.ts'

/** The file that a release brings to its hosts. */
export interface HostArtifact {
  /** The path in the checkout, as the config has it. */
  readonly path: string
  readonly checkout: string
  readonly app: string
  readonly sha: string
  /** The commit that served before; empty for the first. */
  readonly previous: string
  /** The names of whatever brings releases of the app, to which others on the same host leave theirs. */
  readonly claim: string
}

/** Returns the artifact of commands with these variables; null without one. */
export function artifactIn(path: string | null, variables: Variables): HostArtifact | null {
  const { ROLLGATE_CHECKOUT: checkout = '', ROLLGATE_APP: app, ROLLGATE_SHA: sha } = variables
  if (path === null || app === undefined || sha === undefined) return null
  const { ROLLGATE_PREVIOUS_SHA: previous = '', ROLLGATE_ENVIRONMENT, ROLLGATE_SERVICE } = variables
  const claim = [ROLLGATE_ENVIRONMENT, ROLLGATE_SERVICE].map((name = '') => folderNamed(name)).join('.')
  return { path, checkout, app, sha, previous, claim }
}

/** Returns the path of an artifact on a host, relative to the home of the login. */
export const artifactPath = ({ path, app, sha }: HostArtifact): string =>
  `.rollgate/${folderName(app)}/${folderName(sha)}/${basename(path)}`

/** The host that it is brought to. */
export interface Receiver {
  readonly remote: Pick<RemoteHost, 'beside'>
  /** The host as a person writes it. */
  readonly where: string
  /** `said`: the last line of its stdout. */
  run(script: string, variables: Variables): Promise<Finished & { readonly said: string }>
}

export interface Artifacts {
  /**
   * Ensures that a host has an artifact with the right content; null means that it has. The work is done
   * once, and concurrent callers wait for it. After a failure it is retried, once for all waiting callers.
   */
  bring(
    artifact: HostArtifact,
    receiver: Receiver,
    watch: Watch,
    cargo?: Cargo | null,
  ): Promise<Failure | null>
  /** The artifact as a host keeps it, if it has this digest; null where it cannot be had. */
  fetch(artifact: HostArtifact, receiver: Receiver, sha256: string, watch: Watch): Promise<HeldFile | null>
}

/** The last work on a file of a host. */
interface Bringing {
  /** The path in the checkout. */
  readonly path: string
  readonly ended: Promise<Failure | null>
}

export function createArtifacts(means: Means): Artifacts {
  const digests = new Map<string, Promise<string>>()
  const brought = new WeakMap<object, Map<string, Bringing>>()

  /** The file in the checkout. Where the release's own files cannot be had, those of another are not taken for them. */
  async function fromCheckout(
    { path, checkout, sha, previous }: HostArtifact,
    where: string,
  ): Promise<Cargo | Failure> {
    const followed = follow(resolve(means.cwd, checkout), path)
    if (checkout !== '' && followed.kind === 'outside') return outside(path)
    const file = followed.kind === 'file' && checkout !== '' ? followed.path : null
    const sha256 = file === null ? null : await digestOf(file)
    return {
      wanted: () => sha256,
      obtain: async () => (file === null || sha256 === null ? missing(path, sha, where) : { file, sha256 }),
      accepts: (other) => sha256 === null || other === sha256,
      keeping: { keep: KEPT_RELEASES, needed: previous === '' ? [] : [previous] },
    }
  }

  /** Each is read once: it goes to many hosts. */
  function digestOf(file: string): Promise<string> {
    const digest = digests.get(file) ?? digestOfFile(file)
    digests.set(file, digest)
    return digest
  }

  async function begin(
    artifact: HostArtifact,
    receiver: Receiver,
    watch: Watch,
    given: Cargo | null,
  ): Promise<Failure | null> {
    const cargo = given ?? (await fromCheckout(artifact, receiver.where))
    return 'code' in cargo ? cargo : bringNow(artifact, receiver, watch, cargo)
  }

  async function bringNow(
    artifact: HostArtifact,
    receiver: Receiver,
    watch: Watch,
    cargo: Cargo,
  ): Promise<Failure | null> {
    const about = { ...aboutIn(artifact, cargo.wanted() ?? ''), ...keptBeside(cargo) }
    const found = await answerOf(receiver, lookForArtifact, about)
    if (typeof found !== 'string') return found
    const [state, digest = ''] = found.split(' ')
    if (state === 'kept' && cargo.accepts(digest)) return null
    const got = await cargo.obtain()
    if ('code' in got) return got
    const failure = await send(got.file, { ...about, DIGEST: got.sha256 }, receiver, watch)
    if (failure === null) cargo.accepts(got.sha256)
    return failure
  }

  async function send(
    file: string,
    about: Variables,
    receiver: Receiver,
    watch: Watch,
  ): Promise<Failure | null> {
    const { where, remote } = receiver
    const incoming = `incoming-${randomBytes(8).toString('hex')}`
    const sent = await sendFile(file, remote.beside(receiveAs(incoming)), means, watch.signal)
    if (sent.kind === 'stopped') return interrupted(where)
    if (sent.kind === 'failed') return failed(where, 'it could not be written', sent.lines)
    const placed = await answerOf(receiver, placeArtifact, { ...about, INCOMING: incoming })
    if (typeof placed !== 'string') return placed
    if (placed !== 'placed') return differs(where)
    watch.line(`${about.NAME} is on ${where}, sha256 ${about.DIGEST}`)
    return null
  }

  return {
    async bring(artifact, receiver, watch, cargo = null) {
      const there = brought.get(receiver.remote) ?? new Map<string, Bringing>()
      brought.set(receiver.remote, there)
      const what = artifactPath(artifact)
      const earlier = there.get(what)
      // Another service's file of the same name took its place.
      const replaced = earlier !== undefined && earlier.path !== artifact.path
      if (earlier !== undefined && (await earlier.ended) === null && !replaced) return null
      const again = there.get(what)
      if (again !== undefined && again !== earlier && again.path === artifact.path) return again.ended
      const ended = begin(artifact, receiver, watch, cargo)
      there.set(what, { path: artifact.path, ended })
      return ended
    },
    async fetch(artifact, receiver, sha256, watch) {
      const found = await answerOf(receiver, lookForArtifact, aboutIn(artifact, sha256))
      if (found !== `kept ${sha256}`) return null
      const folder = mkdtempSync(join(means.env.RUNNER_TEMP ?? tmpdir(), 'rollgate-fetched-'))
      const file = join(folder, basename(artifact.path))
      const words = receiver.remote.beside(readBack(artifactPath(artifact)))
      const came =
        (await receiveFile(file, words, means, watch.signal)) && (await digestOfFile(file)) === sha256
      if (came) return { file, sha256 }
      rmSync(folder, { recursive: true, force: true })
      return null
    },
  }
}

const keptBeside = ({ keeping: { keep, needed } }: Cargo): Variables => ({
  KEEP: String(keep),
  NEEDED: needed.map(folderName).join(' '),
})

const aboutIn = ({ path, app, sha, claim }: HostArtifact, digest: string): Variables => ({
  APP: folderName(app),
  SHA: folderName(sha),
  CLAIM: claim,
  NAME: basename(path),
  DIGEST: digest,
})

/** The text becomes a folder on the host, so it must not lead out of its parent. */
function folderName(text: string): string {
  if (!/^(?!\.{1,2}$)[\w.-]+$/.test(text)) throw new Error(`${JSON.stringify(text)} cannot name a folder`)
  return text
}

/** The folder of the artifacts on a host, as a person writes it. */
const KEPT_IN = '~/.rollgate'

async function answerOf(receiver: Receiver, script: string, variables: Variables): Promise<string | Failure> {
  const finished = await receiver.run(script, { ...variables, LC_ALL: 'C' })
  if (finished.kind === 'exited' && finished.code === 0) return finished.said
  if (finished.kind === 'unreachable') return finished.failure
  if (finished.kind === 'stopped') return interrupted(receiver.where)
  return failed(receiver.where, `what looks after it ${sayEnding(finished)}`, finished.tail)
}

export const interrupted = (where: string): Failure => ({
  code: 'interrupted',
  what: `Getting ${where} ready was ended because the run was cancelled.`,
  tail: [],
})

const missing = (path: string, sha: string, where: string): Failure => ({
  code: 'artifact-missing',
  what: `${path} is not in the checkout, and ${where} does not keep the one of ${sha.slice(0, 7)} as it was brought.`,
  tail: [],
  next: 'Build it before the deployment, in a step of its own or by the recipe.',
})

/** `otherwise`: the words if the host gives no cause. */
function failed(where: string, otherwise: string, tail: readonly string[]): Failure {
  const cause = causeOf(tail, KEPT_IN)
  if (cause === null)
    return { code: 'command-failed', what: `The artifact could not be put on ${where}: ${otherwise}.`, tail }
  return {
    code: 'host-unfit',
    what: `The artifact could not be put on ${where}: ${cause}.`,
    tail,
    next: 'See to it that the login has room there and may write; nothing of the artifact was used.',
  }
}

const outside = (path: string): Failure => ({
  code: 'artifact-missing',
  what: `${path} leads out of the checkout, so it is sent to no host.`,
  tail: [],
  next: 'Have the build put the file itself into the checkout, not a link to it.',
})

const differs = (where: string): Failure => ({
  code: 'artifact-differs',
  what: `The artifact that arrived on ${where} is not the one that was sent: its SHA-256 differs.`,
  tail: [],
  next: 'Try again; if it stays so, look at the disk and the network of the host.',
})
