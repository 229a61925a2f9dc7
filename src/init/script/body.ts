import type { FolderSeen } from '../repository.ts'
import type { Running, Sketch } from '../sketch.ts'

/** Everything that a script is written from. */
export interface Made<Run extends Running = Running> {
  readonly app: string
  readonly folder: FolderSeen
  readonly sketch: Sketch
  readonly running: Run
  /** Names of variables that the app is told, as its example of an `.env` names them. */
  readonly variables: readonly string[]
}

/** The parts of an app that runs in one of the ways. */
export type MadeOf<Kind extends Running['kind']> = Made<Extract<Running, { kind: Kind }>>

/** The words that the script takes, each with its lines. A word without lines does not belong to this app. */
export interface ScriptBody {
  /** Lines before the words: variables and functions. */
  readonly before: readonly string[]
  /** True if a build makes something that is there afterwards, so that a later one need not make it again. */
  readonly built: readonly string[] | null
  readonly build: readonly string[]
  readonly stop: readonly string[] | null
  readonly install: readonly string[]
  readonly start: readonly string[] | null
  readonly version: readonly string[] | null
  readonly healthy: readonly string[] | null
  /** Lines that bring a command of the release into the place where it can run. */
  readonly inRelease: (command: string) => readonly string[]
}

/** Returns the path of the app's folder below another. */
export const below = (start: string, { path }: FolderSeen): string =>
  path === '' ? start : `${start}/${path}`

/** Copies the release's files into a folder of their own and builds there, once. */
export function buildInFolder({
  folder,
  sketch,
  app,
}: Made): Pick<ScriptBody, 'before' | 'built' | 'build' | 'inRelease'> {
  return {
    before: [
      `home="\${APP_HOME:-$HOME/${app}}/$ROLLGATE_ENVIRONMENT"`,
      'mkdir -p "$home/releases"',
      'home=$(cd "$home" && pwd -P)',
      'release="$home/releases/${ROLLGATE_SHA:-none}" # a folder for each release, beside those of the others',
      'here="$home/${ROLLGATE_INSTANCE:-none}"',
      '',
      'build() {',
      '  if [[ -e "$release/.rollgate-built" ]]; then return; fi',
      '  rm -rf "$release"',
      '  mkdir -p "$release"',
      '  tar -C "$ROLLGATE_CHECKOUT" --exclude=./.git -cf - . | tar -C "$release" -xf -',
      `  cd "${below('$release', folder)}"`,
      '  printf \'%s\\n\' "$ROLLGATE_SHA" > .rollgate-sha',
      ...sketch.build.map((line) => `  ${line}`),
      '  touch "$release/.rollgate-built" # last: it says that the build is complete',
      '  forget',
      '}',
      '',
      '# Five releases stay, and those that an instance is on.',
      'forget() {',
      '  local old used',
      '  used=$(readlink "$home"/*/current || true)',
      '  while read -r old; do',
      '    if [[ "$used" != *"$old"* ]]; then rm -rf "${home:?}/releases/$old"; fi',
      '  done < <(ls -1t "$home/releases" | tail -n +6)',
      '}',
    ],
    built: ['test -e "$release/.rollgate-built"'],
    build: ['build'],
    inRelease: (command) => ['build', `cd "${below('$release', folder)}"`, command],
  }
}

/** Asks whatever answers at the instance's port. Any answer below 500 says that it is up. */
export const askPort: readonly string[] = [
  `code=$(curl --silent --output /dev/null --max-time 4 --write-out '%{http_code}' "http://127.0.0.1:$PORT/" || true)`,
  '[[ "$code" =~ ^[234] ]]',
]
