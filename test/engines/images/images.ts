import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The kinds of the small application, each an image of its own. Its habits are its environment. */
const kinds = {
  v1: { VERSION: 'v1' },
  v2: { VERSION: 'v2' },
  v3: { VERSION: 'v3' },
  slow: { VERSION: 'slow', START_MS: '4000' },
  neverReady: { VERSION: 'neverReady', NEVER_READY: '1' },
  crash: { CRASH: '1' },
  hasty: { VERSION: 'hasty', NO_DRAIN: '1' },
  failing: { FAILS: '1' },
} as const satisfies Record<string, Readonly<Record<string, string>>>

type AppKind = keyof typeof kinds

/** The kind of an image; `missing` is one that the registry has not. */
export type ImageKind = AppKind | 'missing'

/** The images by kind, as `sha256:…`, and the folder that a registry can serve. */
export interface AppImages {
  readonly program: string
  readonly blobs: string
  readonly digests: Readonly<Record<AppKind | 'pause', string>>
}

/** The address of the registry, inside. */
const REGISTRY = '127.0.0.1:5000'

/** The images as the engine of a bed names them. */
export interface ImageNames {
  image(kind: ImageKind): string
  /** Returns the kind of the image in a text; the text itself where it has none. */
  kindOf(text: string): string
}

export function namesOf(images: AppImages): ImageNames {
  const digests = { ...images.digests, missing: `sha256:${'0'.repeat(64)}` }
  return {
    image: (kind) => `${REGISTRY}/shop@${digests[kind]}`,
    kindOf: (text) => Object.entries(digests).find(([, digest]) => text.includes(digest))?.[0] ?? text,
  }
}

const IN_AN_IMAGE = 'app'

/** The names under which the program is a shell of its own kind. */
const shells = ['bin/sh', 'bin/bash']

/** Builds the application and an image FROM scratch for each kind, without an engine. */
export function buildImages(folder: string): AppImages {
  const blobs = join(folder, 'blobs')
  mkdirSync(blobs, { recursive: true })
  const program = join(folder, IN_AN_IMAGE)
  const env = { ...process.env, CGO_ENABLED: '0', GO111MODULE: 'off', GOFLAGS: '' }
  execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, '.'], {
    cwd: import.meta.dirname,
    env,
  })
  const layer = keep(blobs, archiveOf(IN_AN_IMAGE, readFileSync(program), shells))
  const entries = Object.entries(kinds).map(([kind, habits]) => [
    kind,
    imageOf(blobs, layer, [`/${IN_AN_IMAGE}`], habits),
  ])
  const pause = imageOf(blobs, layer, [`/${IN_AN_IMAGE}`, 'pause'], {})
  return { program, blobs, digests: { ...Object.fromEntries(entries), pause } }
}

const SECOND = 1_000_000_000

/** Docker's own field, which others pass over. */
const healthcheck = {
  Test: ['CMD', `/${IN_AN_IMAGE}`, 'get', 'http://127.0.0.1:8080/ready'],
  Interval: SECOND,
  Timeout: 5 * SECOND,
  StartPeriod: 3 * SECOND,
  Retries: 2,
}

interface Kept {
  readonly digest: string
  readonly size: number
}

function imageOf(
  blobs: string,
  layer: Kept,
  entrypoint: readonly string[],
  habits: Readonly<Record<string, string>>,
): string {
  const env = Object.entries(habits).map(([name, value]) => `${name}=${value}`)
  const config = keepJson(blobs, {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Entrypoint: entrypoint,
      Env: [...env, 'PATH=/bin:/'],
      ExposedPorts: { '8080/tcp': {} },
      Healthcheck: healthcheck,
    },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  })
  return keepJson(blobs, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  }).digest
}

const keepJson = (blobs: string, value: unknown): Kept => keep(blobs, Buffer.from(JSON.stringify(value)))

function keep(blobs: string, content: Buffer): Kept {
  const hex = createHash('sha256').update(content).digest('hex')
  writeFileSync(join(blobs, hex), content)
  return { digest: `sha256:${hex}`, size: content.length }
}

const BLOCK = 512

/** A tar archive of one program, and links to it. */
function archiveOf(name: string, content: Buffer, links: readonly string[]): Buffer {
  const rest = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
  const linked = links.map((link) => headOf(link, 0, `/${name}`))
  return Buffer.concat([headOf(name, content.length), content, rest, ...linked, Buffer.alloc(2 * BLOCK)])
}

function headOf(name: string, length: number, target = ''): Buffer {
  const head = Buffer.alloc(BLOCK)
  head.write(name, 0)
  head.write('0000755\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  head.write(`${length.toString(8).padStart(11, '0')}\0`, 124)
  head.write('00000000000\0', 136)
  head.write(`        ${target === '' ? '0' : '2'}${target}`, 148)
  head.write('ustar\0', 257)
  head.write('00', 263)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}
