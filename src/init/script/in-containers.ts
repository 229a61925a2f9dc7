import { askPort, below, type MadeOf, type ScriptBody } from './body.ts'
import { shellWord } from './quote.ts'

/** The variables of the run that the app is told. A container sees no others. */
const passedOn = (variables: readonly string[]): readonly string[] => [
  '# The variables of this run that the container sees: those of the secret ROLLGATE_ENV stand here by their names.',
  'variables=()',
  // Not `name`: the script has the name of the container there.
  `for variable in ${variables.length === 0 ? 'DATABASE_URL' : variables.join(' ')}; do`,
  '  if [[ -v $variable ]]; then variables+=(--env "$variable"); fi',
  'done',
]

/** Every command runs in the image, with its own tools: none of a virtual environment beside it. */
const inImage = (command: string): string => shellWord(command.replaceAll('.venv/bin/', ''))

/** A container with a name of its own, made from the release's Dockerfile. */
export function containerBody({ app, folder, running, variables }: MadeOf<'container'>): ScriptBody {
  const image = `"${app.toLowerCase()}:$ROLLGATE_SHA"`
  const context = below('$ROLLGATE_CHECKOUT', folder)
  const built = `docker image inspect ${image} > /dev/null 2>&1`
  const build = [
    `docker build --label "rollgate.sha=$ROLLGATE_SHA" --tag ${image} --file "${context}/${running.file}" "${context}"`,
  ]
  return {
    before: [
      `name=$(printf '%s' "${app}-$ROLLGATE_ENVIRONMENT-\${ROLLGATE_INSTANCE:-none}" | tr -c 'A-Za-z0-9_.-' '-')`,
      ...passedOn(variables),
    ],
    built: [built],
    build,
    stop: [
      'there=$(docker ps --all --quiet --filter "name=^$name$")',
      'if [[ -n "$there" ]]; then',
      '  docker stop "$name" > /dev/null',
      '  docker rm "$name" > /dev/null',
      'fi',
    ],
    install: [`if ! ${built}; then`, ...build.map((line) => `  ${line}`), 'fi'],
    start: [
      'docker run --detach --name "$name" --restart unless-stopped --label "rollgate.sha=$ROLLGATE_SHA" \\',
      `  --publish "127.0.0.1:$PORT:${running.port}" "\${variables[@]}" --env PORT=${running.port} ${image} > /dev/null`,
    ],
    version: [
      `docker ps --filter "name=^$name$" --format '{{ .Label "rollgate.sha" }}' # of a running one alone`,
    ],
    healthy: askPort,
    inRelease: (command) => [
      `docker run --rm "\${variables[@]}" --entrypoint sh ${image} -c ${inImage(command)}`,
    ],
  }
}

/** Services of Docker Compose, in a folder that stays: volumes below it keep their data. */
export function composeBody({
  app,
  folder,
  running: { files, services, tags },
}: MadeOf<'compose'>): ScriptBody {
  const all = services.map(shellWord).join(' ')
  const [first = ''] = services
  const project = folderOfFile(files[0] ?? '')
  const place = below('$here/app', folder)
  const listed = (start: string): string => files.map((file) => `--file "${start}/${file}"`).join(' ')
  const source = below('$ROLLGATE_CHECKOUT', folder)
  const labels = Object.fromEntries(services.map((name) => [name, { labels: { 'rollgate.sha': '@SHA@' } }]))
  const fromElsewhere = tags.length > 0
  return {
    before: [
      ...(fromElsewhere
        ? [
            '# The images come from a registry under the tag of the release. Change it here if yours are called otherwise.',
            `export ${tags.map((name) => `${name}="\${ROLLGATE_RELEASE:-none}"`).join(' ')}`,
          ]
        : []),
      `home="\${APP_HOME:-$HOME/${app}}/$ROLLGATE_ENVIRONMENT"`,
      'here="$home/${ROLLGATE_INSTANCE:-none}"',
      `project=$(printf '%s' "${app}-$ROLLGATE_ENVIRONMENT" | tr '[:upper:]' '[:lower:]' | tr -c 'a-z0-9_-' '-')`,
      '',
      '# Compose in the folder of the instance, with a label that says the release.',
      'compose() {',
      `  docker compose --project-name "$project" --project-directory "${place}${project}" ${listed(place)} \\`,
      '    --file "$here/release.json" "$@"',
      '}',
      '',
      '# The release that every one of these services runs in; two of them are no answer.',
      'runs() {',
      '  local service sha found=',
      `  for service in ${all}; do`,
      '    sha=$(docker ps --filter "label=com.docker.compose.project=$project" \\',
      `      --filter "label=com.docker.compose.service=$service" --format '{{ .Label "rollgate.sha" }}' | sort -u)`,
      '    if [[ -z "$sha" || "$sha" == *$\'\\n\'* || ( -n "$found" && "$found" != "$sha" ) ]]; then return 1; fi',
      '    found=$sha',
      '  done',
      '  echo "$found"',
      '}',
    ],
    built: null,
    build: [
      fromElsewhere
        ? '# Before anything stops: a release without its image ends here.'
        : '# Before anything stops: the layers are there when the instance builds its image again.',
      `docker compose --project-name "$project-build" --project-directory "${source}${project}" ${listed(source)} ${fromElsewhere ? 'pull' : 'build'} ${all}`,
    ],
    stop: [`if [[ -f "$here/release.json" ]]; then compose stop ${all}; fi`],
    install: [
      'mkdir -p "$here/app"',
      'if [[ -f "$here/files" ]]; then (cd "$here/app" && xargs -0 rm -f < "$here/files"); fi # of the release before',
      '(cd "$ROLLGATE_CHECKOUT" && find . -path ./.git -prune -o \\( -type f -o -type l \\) -print0) > "$here/files"',
      'tar -C "$ROLLGATE_CHECKOUT" --exclude=./.git -cf - . | tar -C "$here/app" -xf -',
      `sed "s/@SHA@/$ROLLGATE_SHA/" <<< ${shellWord(JSON.stringify({ services: labels }))} > "$here/release.json"`,
    ],
    start: [`compose up --detach --build --wait ${all} # waits for the health checks of the file as well`],
    version: ['runs'],
    healthy: ['runs > /dev/null'],
    inRelease: (command) => [
      'export ROLLGATE_INSTANCE=migrate # a folder of its own: the instance still runs the release before',
      '"$0" install',
      'here="$home/migrate"',
      `compose run --rm --build ${shellWord(first)} sh -c ${inImage(command)}`,
    ],
  }
}

/** The folder of the first file, which relative paths of all of them start from. */
const folderOfFile = (file: string): string => {
  const path = file.split('/').slice(0, -1).join('/')
  return path === '' ? '' : `/${path}`
}
