import { dotnet, go, java, rust } from './kinds/compiled.ts'
import { compose, dockerfile, fixedImages } from './kinds/containers.ts'
import { phoenix } from './kinds/elixir.ts'
import { elsewhere } from './kinds/elsewhere.ts'
import { byCommands } from './kinds/engines/by-commands.ts'
import { ecs } from './kinds/engines/ecs.ts'
import { kubernetes } from './kinds/engines/kubernetes.ts'
import { swarm } from './kinds/engines/swarm.ts'
import { node } from './kinds/node.ts'
import { site } from './kinds/pages.ts'
import { laravel, php, spryker, symfony } from './kinds/php.ts'
import { procfile, withProcfile } from './kinds/procfile.ts'
import { django, python } from './kinds/python.ts'
import { rack, rails } from './kinds/ruby.ts'
import { capistrano, deployer, kamal } from './kinds/tools.ts'
import { units } from './kinds/units.ts'
import { type FolderSeen, folderOf, foldersOf, type RepositorySeen } from './repository.ts'
import { type Sketch, sketch } from './sketch.ts'

type Recogniser = (folder: FolderSeen) => Sketch | null

/** Frameworks and languages: how an app is built and started from its sources. */
const bySources: Readonly<Record<string, Recogniser>> = {
  spryker,
  laravel,
  symfony,
  rails,
  django,
  phoenix,
  go,
  java,
  dotnet,
  rust,
  rack,
  node,
  site,
  python,
  php,
  procfile,
}

/** Kinds by which a team says that it deploys this way already: they win, whatever is missing. */
const telling: readonly string[] = ['kamal', 'capistrano', 'deployer', 'engine', 'elsewhere']

/** The kinds by the word that `--as` takes, those that say most first. */
const kinds: Readonly<Record<string, Recogniser>> = {
  kamal,
  capistrano,
  deployer,
  kubernetes,
  swarm,
  ecs,
  systemd: (folder) => units(folder, sourcesOf(folder)?.build ?? []),
  compose,
  engine: byCommands,
  elsewhere,
  dockerfile,
  ...Object.fromEntries(
    Object.entries(bySources).map(([word, kind]) => [word, (folder) => fromSources(folder, kind)]),
  ),
}

export const kindWords: readonly string[] = Object.keys(kinds)

const fromSources = (folder: FolderSeen, kind: Recogniser): Sketch | null => {
  const seen = kind(folder)
  return seen === null ? null : withProcfile(folder, seen)
}

const sourcesOf = (folder: FolderSeen): Sketch | null => {
  for (const kind of Object.values(bySources)) {
    const seen = kind(folder)
    if (seen !== null) return seen
  }
  return null
}

/** An app that was recognised: its folder, its kind, and the other kinds that would fit. */
export interface Recognised {
  readonly folder: FolderSeen
  readonly word: string
  readonly sketch: Sketch
  readonly others: readonly string[]
}

/** The result of looking at a repository. */
export type Seen =
  | { readonly kind: 'app'; readonly app: Recognised }
  /** Several apps below the root: a person says which. */
  | { readonly kind: 'several'; readonly folders: readonly string[] }
  | { readonly kind: 'empty' }

/** Looks at a repository. `as` names a kind and `path` a folder; either is null where none is given. */
export function recognise(
  repository: RepositorySeen,
  { path, as }: { readonly path: string | null; readonly as: string | null },
): Seen {
  if (repository.paths.length === 0) return { kind: 'empty' }
  if (path !== null) return { kind: 'app', app: appIn(folderOf(repository, path), as) }
  const root = folderOf(repository, '')
  const atRoot = appIn(root, as)
  if (atRoot.word !== unknown) return { kind: 'app', app: atRoot }
  const below = foldersOf(repository).map((one) => appIn(folderOf(repository, one), as))
  const apps = below.filter(({ word }) => word !== unknown)
  const [only] = apps
  if (apps.length > 1) return { kind: 'several', folders: apps.map(({ folder }) => folder.path) }
  return { kind: 'app', app: only ?? atRoot }
}

const unknown = 'unknown'

function appIn(folder: FolderSeen, as: string | null): Recognised {
  const fitting = Object.entries(kinds).flatMap(([word, kind]) => {
    const seen = as === null || as === word ? kind(folder) : null
    return seen === null ? [] : [{ word, sketch: seen }]
  })
  const best = fitting.find(saysAll) ?? fitting[0]
  if (best === undefined) return { folder, word: unknown, sketch: unrecognised(folder), others: [] }
  return { folder, ...best, others: fitting.filter((one) => one !== best).map(({ word }) => word) }
}

/** A guess that leaves nothing to a person is better than one that says more and leaves the start of the app. */
const saysAll = ({
  word,
  sketch: { missing },
}: {
  readonly word: string
  readonly sketch: Sketch
}): boolean => missing.length === 0 || telling.includes(word)

/** Languages whose apps a person has to say the commands of, by the file that shows them. */
const unlearned: readonly (readonly [string, string])[] = [
  ['package.json', 'package.json has no start script for production'],
  ['mix.exs', 'mix.exs is there, without Phoenix'],
  ['pom.xml', 'pom.xml is there, without Spring Boot, Quarkus or Micronaut'],
  ['build.gradle', 'build.gradle is there, without Spring Boot, Quarkus or Micronaut'],
  ['build.gradle.kts', 'build.gradle.kts is there, without Spring Boot, Quarkus or Micronaut'],
]

/** An app of which nothing is known, or a library: the script has a guard for each command. */
function unrecognised(folder: FolderSeen): Sketch {
  const images = fixedImages(folder)
  if (images !== null) return images
  const where = folder.path === '' ? 'this repository' : folder.path
  const [, what = `No file in ${where} tells how it is started`] =
    unlearned.find(([file]) => folder.has(file)) ?? []
  return sketch({
    title: 'nothing known was found',
    because: null,
    running: { kind: 'unknown' },
    missing: [`${what}: the command that starts it is missing.`],
  })
}
