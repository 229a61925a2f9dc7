/** A repository as `rollgate init` sees it: the files that git knows, and the text of those that tell what it is. */
export interface RepositorySeen {
  /** The name of its folder, or of its remote. */
  readonly name: string
  /** Paths from the root, with `/`. Links and submodules are left out: their content is elsewhere. */
  readonly paths: readonly string[]
  /** The texts of telling files, with the line ends of Unix. */
  readonly texts: ReadonlyMap<string, string>
}

/** One folder of a repository, with paths of its own. */
export interface FolderSeen {
  /** The path from the root of the repository; empty for the root. */
  readonly path: string
  readonly name: string
  has(path: string): boolean
  /** The text of a telling file; null where there is none, or where it could not be read. */
  text(path: string): string | null
  matching(pattern: RegExp): readonly string[]
  /** The root of the repository, whose workspace this folder may be in; null for the root itself. */
  readonly root: FolderSeen | null
}

/** A path that may stand in a script without quotes. All others are passed over. */
const plain = /^[\w@+.-]+(?:\/[\w@+.-]+)*$/

/** Returns the view of one folder. Paths with blanks, quotes or control characters are left out of it. */
export function folderOf(repository: RepositorySeen, path: string): FolderSeen {
  const { name, paths, texts } = repository
  const start = path === '' ? '' : `${path}/`
  const own = paths
    .filter((one) => one.startsWith(start) && plain.test(one))
    .map((one) => one.slice(start.length))
  const known = new Set(own)
  return {
    path,
    name: path === '' ? name : (path.split('/').at(-1) ?? name),
    has: (one) => known.has(one),
    text: (one) => texts.get(start + one) ?? null,
    matching: (pattern) => own.filter((one) => pattern.test(one)),
    root: path === '' ? null : folderOf(repository, ''),
  }
}

/** Returns the folders below the root in which an app may lie, none of them inside of another. */
export function foldersOf({ paths }: RepositorySeen): readonly string[] {
  const folders = paths
    .filter((path) => plain.test(path) && !aside.test(`/${path}`) && roots.test(path))
    .map((path) => path.split('/').slice(0, -1).join('/'))
    .filter((folder) => folder !== '' && folder.split('/').length <= 3)
  const all = [...new Set(folders)].toSorted()
  return all.filter((folder) => !all.some((other) => folder.startsWith(`${other}/`)))
}

/** Files that stand at the root of an app. */
const roots =
  /(?:^|\/)(?:package\.json|composer\.json|Gemfile|manage\.py|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|Cargo\.toml|mix\.exs|pyproject\.toml|Procfile|Dockerfile|mkdocs\.yml|hugo\.toml|[\w.-]+\.csproj)$/

/** Folders whose apps are not what the repository deploys. */
const aside =
  /\/(?:node_modules|vendor|third_party|tests?|spec|fixtures|__tests__|examples?|samples?|demos?|e2e|\.[^/]+)\//

/** The files whose text tells what a repository is. Nothing else is read. */
export const isTelling = (path: string): boolean => plain.test(path) && telling.test(path)

const telling =
  /(?:^|\/)(?:package\.json|composer\.json|Gemfile|Capfile|deploy\.php|Procfile|(?:[\w.-]+\.)?Dockerfile|Dockerfile\.[\w-]+|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|Cargo\.toml|mix\.exs|lib\/\w+\/release\.ex|pyproject\.toml|requirements(?:[\w.-]*)\.txt|Pipfile|manage\.py|mkdocs\.ya?ml|_config\.yml|hugo\.(?:toml|ya?ml)|config\.toml|\.env\.(?:example|sample|dist|template)|\.gitattributes|(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml|(?:docker-)?(?:stack|swarm)(?:[.-][\w-]+)?\.ya?ml|(?:\.?k8s|kubernetes|manifests|kube|kustomize|deploy|deployment)\/(?:[\w.-]+\/)*[\w.-]+\.ya?ml|[\w.-]*task-?def(?:inition)?[\w.-]*\.json|deploy\.ya?ml|[\w@.-]+\.(?:service|csproj)|config\/(?:deploy\.rb|routes\.rb|deploy(?:\.[\w-]+)?\.yml)|config\/deploy\/[\w-]+\.rb|(?:routes|bootstrap)\/(?:web|app)\.php|(?:src\/)?(?:main|index|server|app)\.(?:js|ts|mjs|cjs|py|go|rb|rs)|[\w-]+\/(?:urls|wsgi|asgi)\.py|cmd\/[\w-]+\/main\.go|(?:next|nuxt|svelte|astro|vite)\.config\.[cm]?[jt]s)$/
