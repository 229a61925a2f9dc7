import type { EngineSketch } from './engine-sketch.ts'

/** How one instance of an app is run: the shape of the script that changes it. */
export type Running =
  /** A command that stays in the foreground, kept as a process with a pid of its own. */
  | { readonly kind: 'process'; readonly start: string }
  /** A container that is made from a Dockerfile. */
  | { readonly kind: 'container'; readonly port: string; readonly file: string }
  /** Services of Docker Compose. */
  | {
      readonly kind: 'compose'
      readonly files: readonly string[]
      readonly services: readonly string[]
      /** Variables that take the release into the file: the tags of images that are built elsewhere. */
      readonly tags: readonly string[]
    }
  /** Units of systemd, and the folder in which they expect the app. */
  | {
      readonly kind: 'units'
      readonly units: readonly string[]
      readonly place: string
      readonly user: boolean
    }
  /** Files that a server serves which is there already: a link is moved. */
  | {
      readonly kind: 'files'
      readonly output: string
      readonly boots: string
      readonly after: readonly string[]
    }
  /** Another tool that reaches the hosts by itself. */
  | { readonly kind: 'tool'; readonly deploy: readonly string[]; readonly version: string | null }
  /** Services that a system rolls by itself. */
  | { readonly kind: 'engine'; readonly services: readonly EngineSketch[] }
  /** An app of which nothing tells how it is started. */
  | { readonly kind: 'unknown' }

/** A rough plan for an app: everything that its config and its script are written from. */
export interface Sketch {
  /** The kind in words, like `Node.js`. */
  readonly title: string
  /** The file that says so; null where nothing known was found. */
  readonly because: string | null
  readonly running: Running
  /** Lines that make the app ready to start, in a copy of the release's files. */
  readonly build: readonly string[]
  /** The port of the first instance. */
  readonly port: number
  /** A path that is known to answer 200; null if none is known. */
  readonly health: string | null
  /** The command that migrates the database. */
  readonly migrate: string | null
  readonly scheduler: { readonly suspend: string; readonly resume: string } | null
  /** The environments that the repository names itself. */
  readonly stages: readonly string[]
  /** The sentences about what only a person knows. */
  readonly missing: readonly string[]
}

const nothing: Omit<Sketch, 'title' | 'because' | 'running'> = {
  build: [],
  port: 3000,
  health: null,
  migrate: null,
  scheduler: null,
  stages: [],
  missing: [],
}

/** Returns a sketch with the usual values for everything that is left out. */
export const sketch = (known: Pick<Sketch, 'title' | 'because' | 'running'> & Partial<Sketch>): Sketch => ({
  ...nothing,
  ...known,
})

/** Returns what was recognised, in words. */
export const seenAs = ({ title, because }: Sketch): string =>
  because === null ? title : `${title}, seen by ${because}`
