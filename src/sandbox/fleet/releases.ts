import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the shop's own repository content. */
export const shopSource = fileURLToPath(new URL('../shop', import.meta.url))

export type Quirk =
  | 'self-test-fails'
  | 'self-test-lies'
  | 'self-test-hangs'
  | 'never-alive'
  | 'exits'
  | 'slow-boot'
  | 'migration-fails'

export interface ReleaseVariation {
  /** The defect of the release; none by default. */
  quirk?: Quirk
  /** The number of the three migrations in the release: 1 creates the tables, 2 expands them, 3 contracts them. */
  migrations?: 1 | 2 | 3
  /** A line on the page, so that two releases differ. */
  greeting?: string
  /** Further files, or other content for those there are. */
  files?: Record<string, string>
}

/** Files of a release whose page fails, although its self test passes. */
export const brokenPage = {
  'app/page.mjs': [
    'export const templateLoaded = true',
    "export const page = () => { throw new Error('the page is broken') }",
    '',
  ].join('\n'),
}

export interface ReleaseFile {
  content: string
  executable: boolean
}

/** Every file of a release of the shop, by its path in the repository. */
export function shopRelease({
  quirk,
  migrations = 1,
  greeting = 'Welcome to the shop',
  files = {},
}: ReleaseVariation = {}): Record<string, ReleaseFile> {
  const broken = quirk === 'migration-fails'
  const contents: Record<string, string> = {
    ...sourceFiles((path) => !isMigration(path) || migrationVersion(path) <= migrations),
    'app/release.json': `${JSON.stringify({ quirk: broken ? null : (quirk ?? null), greeting }, null, 2)}\n`,
    'db/schema-version': `${broken ? migrations + 1 : migrations}\n`,
    ...(broken ? brokenMigration(migrations + 1) : {}),
    ...files,
  }
  return Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [
      path,
      { content, executable: path.startsWith('bin/') },
    ]),
  )
}

function sourceFiles(wanted: (path: string) => boolean): Record<string, string> {
  const paths = readdirSync(shopSource, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(shopSource.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter(wanted)
    .sort()
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(shopSource, path), 'utf8')]))
}

function isMigration(path: string): boolean {
  return path.startsWith('db/migrations/')
}

function migrationVersion(path: string): number {
  return Number.parseInt(path.slice('db/migrations/'.length), 10)
}

/** Two statements, of which the second fails: the first must not stay behind. */
function brokenMigration(version: number): Record<string, string> {
  const statements = ['CREATE TABLE half_done (id INTEGER);', 'ALTER TABLE orders ADD COLUMN paid INTEGER;']
  return { [`db/migrations/00${version}-broken.sql`]: ['-- phase: expand', ...statements, ''].join('\n') }
}
