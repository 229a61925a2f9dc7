import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { healthPath } from './health-path.ts'
import { type KnownMapping, mapping, readJson, words } from './manifest.ts'

/** The tool that installs packages: the one whose lock file is there. */
interface Installer {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  readonly install: string
  readonly run: string
  readonly exec: string
}

const installers: readonly (readonly [string, Installer])[] = [
  [
    'pnpm-lock.yaml',
    { name: 'pnpm', install: 'pnpm install --frozen-lockfile', run: 'pnpm run', exec: 'pnpm exec' },
  ],
  ['yarn.lock', { name: 'yarn', install: 'yarn install --immutable', run: 'yarn run', exec: 'yarn run' }],
  ['bun.lock', { name: 'bun', install: 'bun install --frozen-lockfile', run: 'bun run', exec: 'bunx' }],
  ['bun.lockb', { name: 'bun', install: 'bun install --frozen-lockfile', run: 'bun run', exec: 'bunx' }],
  ['package-lock.json', { name: 'npm', install: 'npm ci --include=dev', run: 'npm run', exec: 'npx' }],
]
const npm: Installer = { name: 'npm', install: 'npm install --include=dev', run: 'npm run', exec: 'npx' }

/** A package.json, with what is asked of it again and again. */
export interface Package {
  readonly manifest: KnownMapping
  readonly scripts: KnownMapping
  readonly installer: Installer
  needs(name: string): boolean
}

export function readPackage(folder: FolderSeen): Package | null {
  const text = folder.text('package.json')
  if (text === null) return null
  const manifest = readJson(text)
  const depends = { ...mapping(manifest.dependencies), ...mapping(manifest.devDependencies) }
  const home = workspaceOf(folder) ?? folder
  const [, locked] = installers.find(([lock]) => home.has(lock)) ?? []
  const classic = locked?.name === 'yarn' && !home.has('.yarnrc.yml')
  const installer = classic ? { ...locked, install: 'yarn install --frozen-lockfile' } : (locked ?? npm)
  return {
    manifest,
    scripts: mapping(manifest.scripts),
    installer,
    needs: (name) => Object.hasOwn(depends, name),
  }
}

/**
 * Returns the root if the folder is a package of its workspace: the lock file stands there, and the packages beside it
 * come from nowhere else.
 */
function workspaceOf({ root, has }: FolderSeen): FolderSeen | null {
  if (root === null || installers.some(([lock]) => has(lock))) return null
  const { workspaces } = readJson(root.text('package.json'))
  return root.has('pnpm-workspace.yaml') || workspaces !== undefined ? root : null
}

/** Scripts that start an app for a developer alone. */
const forDevelopers =
  /\b(?:nodemon|webpack serve|webpack-dev-server|react-scripts start|ng serve|ts-node-dev|docusaurus start|vuepress dev|gatsby develop|next dev|nuxt dev|astro dev|vite dev|electron|expo|--watch)\b|^vite\b(?! preview)|\bstart-storybook\b/

/** Returns the sketch of an app that npm or a tool like it starts; null for a library and for a page of files. */
export function node(folder: FolderSeen): Sketch | null {
  const app = readPackage(folder)
  if (app === null) return null
  const start = startOf(app, folder)
  if (start === null) return null
  return sketch({
    title: 'Node.js',
    because: 'package.json',
    running: { kind: 'process', start },
    build: [app.installer.install, ...buildOf(app)],
    health: healthPath(folder),
    migrate: migrationOf(app, folder),
  })
}

/** The command that starts it. `start:prod` is NestJS's name for what others call `start`. */
function startOf({ scripts, installer, needs }: Package, folder: FolderSeen): string | null {
  const name = ['start:prod', 'start:production', 'start', 'serve:prod'].find((one) => {
    const script = words(scripts[one])
    return script !== '' && !forDevelopers.test(script)
  })
  if (name !== undefined) return `${installer.run} ${name}`
  if (needs('next') && words(scripts.build).includes('next build')) return `${installer.exec} next start`
  if (needs('nuxt') && /\bnuxt build\b/.test(words(scripts.build))) return 'node .output/server/index.mjs'
  return folder.has('server.js') ? 'node server.js' : null
}

/** The build script, where there is one. */
export const buildOf = ({ scripts, installer }: Package): readonly string[] =>
  words(scripts.build) === '' ? [] : [`${installer.run} build`]

/** Names that teams give to the script that migrates. */
const migrating =
  /^(?:(?:db|database|prisma|migrations?|typeorm|knex|sequelize|drizzle):)?(?:migrate|migrations?)(?::(?:run|up|deploy|latest|prod|production))?$|^migrate[:-](?:up|deploy|latest)$/

/** Migration tools for developers change the schema without a file, or ask questions. */
const asksQuestions = /\b(?:migrate dev|db push|migrate:make|migration:generate|migrate reset)\b/

export function migrationOf(
  { scripts, installer: { run, exec }, needs }: Package,
  folder: FolderSeen,
): string | null {
  if (folder.matching(/^(?:[\w-]+\/)*prisma\/(?:schema\.prisma|migrations\/.+|schema\/.+)$/).length > 0)
    return `${exec} prisma migrate deploy`
  const named = Object.keys(scripts).find(
    (name) => migrating.test(name) && !asksQuestions.test(words(scripts[name])),
  )
  if (named !== undefined) return `${run} ${named}`
  if (folder.matching(/^knexfile\.[cm]?[jt]s$/).length > 0) return `${exec} knex migrate:latest`
  if (folder.has('.sequelizerc') || needs('sequelize-cli')) return `${exec} sequelize-cli db:migrate`
  if (folder.matching(/^drizzle\.config\.[cm]?[jt]s$/).length > 0) return `${exec} drizzle-kit migrate`
  const [source] = folder.matching(/(?:^|\/)(?:ormconfig|data-?source)\.[jt]s$/i)
  if (!needs('typeorm') || source === undefined) return null
  return source.endsWith('.js')
    ? `${exec} typeorm migration:run -d ${source}`
    : `${exec} typeorm-ts-node-commonjs migration:run -d ${source}`
}
