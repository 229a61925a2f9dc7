import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Answers 200 to every request at `PORT`, and ends when it is told to. A release with the file `.broken` ends at once. */
const server = `if (require('node:fs').existsSync('.broken')) { console.log('broken: no such setting'); process.exit(1) }
require('node:http').createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')
`

const serve = 'exec node "$STAND_INS/server.cjs"'

/** Docker, as far as the scripts need it: images, containers with labels, and Compose. */
const docker = `#!/usr/bin/env bash
set -euo pipefail
state="$STAND_INS/docker"
mkdir -p "$state/images" "$state/containers"
words=" $* "
value() { sed -nE "s/.* $1[ =]([^ ]+) .*/\\1/p" <<< "$words" | head -n 1; }
case "$1" in
  buildx)
    digest="sha256:$(sha256sum <<< "$ROLLGATE_SHA" | cut -d' ' -f1)"
    if [[ "$2" == imagetools ]]; then echo "$digest"; exit; fi
    mkdir -p "$STAND_INS/engine"
    echo "$ROLLGATE_SHA" > "$STAND_INS/engine/$digest"
    if [[ -e "\${@: -1}/.broken" ]]; then touch "$STAND_INS/engine/$digest.broken"; fi
    ;;
  build) ls -A "\${@: -1}" | grep -x .broken > "$state/images/$(value --tag | tr '/:' '__')" || true ;;
  image) test -e "$state/images/$(tr '/:' '__' <<< "$3")" ;;
  run)
    [[ "$words" != *' --rm '* ]] || exit 0
    name=$(value --name)
    if [[ -s "$state/images/$(grep -oE ' [a-z0-9._-]+:[0-9a-f]{40} ' <<< "$words" | tr -d ' ' | tr '/:' '__')" ]]; then echo 'no such setting' >&2; exit 1; fi
    cd "$STAND_INS"
    PORT=$(sed -nE 's/.*127\\.0\\.0\\.1:([0-9]+):.*/\\1/p' <<< "$words") setsid node "$STAND_INS/server.cjs" > /dev/null 2>&1 < /dev/null &
    printf '%s %s\\n' "$!" "$(sed -nE 's/.*rollgate\\.sha=([0-9a-f]+).*/\\1/p' <<< "$words")" > "$state/containers/$name"
    ;;
  ps)
    name=$(sed -nE 's/.*name=\\^([^$ ]+)\\$.*/\\1/p' <<< "$words")
    project=$(sed -nE 's/.*compose\\.project=([^ ]+).*/\\1/p' <<< "$words")
    service=$(sed -nE 's/.*compose\\.service=([^ ]+).*/\\1/p' <<< "$words")
    file="$state/containers/\${name:-$project.$service}"
    if [[ -e "$file" ]]; then cut -d' ' -f2 "$file"; fi
    ;;
  stop) kill "$(cut -d' ' -f1 "$state/containers/$2")" ;;
  rm) rm "$state/containers/$2" ;;
  compose)
    project=$(value --project-name)
    if [[ "$words" == *' up '* && -e "$(value --project-directory)/.broken" ]]; then echo 'container web is unhealthy' >&2; exit 1; fi
    for service in "\${@: -1}"; do
      file="$state/containers/$project.$service"
      case "$words" in
        *' up '*) echo "- $(sed -nE 's/.*rollgate\\.sha":"([0-9a-f]+).*/\\1/p' "$(grep -oE '[^ ]+release.json' <<< "$words")")" > "$file" ;;
        *' stop '*) rm -f "$file" ;;
      esac
    done
    ;;
  *) echo "docker: $*" >&2; exit 1 ;;
esac
`

/** An engine of any kind, as its two commands see it: a service is what was handed over last. */
const engine = `#!/usr/bin/env bash
set -euo pipefail
place="$STAND_INS/engine/$ROLLGATE_SERVICE"
if [[ "$(basename "$0")" == engine-hand-over ]]; then
  echo $(($(cat "$place.rollout" 2> /dev/null || echo 0) + 1)) > "$place.rollout"
  echo "$ROLLGATE_IMAGE" > "$place.image"
  cat "$STAND_INS/engine/\${ROLLGATE_IMAGE#*@}" > "$STAND_INS/deployed"
  cat "$place.rollout"
  exit
fi
[[ -e "$place.image" ]] || exit 0
image=$(< "$place.image")
broken="$STAND_INS/engine/\${image#*@}.broken"
printf '{"rollout":"%s","image":"%s",' "$(< "$place.rollout")" "$image"
if [[ -e "$broken" ]]; then
  echo '"phase":"failed","replicas":{"wanted":2,"updated":1,"ready":0,"old":1}}'
else
  echo '"phase":"settled","replicas":{"wanted":2,"updated":2,"ready":2,"old":0}}'
fi
`

const systemctl = `#!/usr/bin/env bash
set -euo pipefail
[[ "$1" != --user ]] || shift
file="$STAND_INS/unit.pid"
case "$1" in
  start)
    cd "$STAND_INS_PLACE"
    [[ ! -e .broken ]]
    PORT=0 setsid node "$STAND_INS/server.cjs" > /dev/null 2>&1 < /dev/null &
    echo $! > "$file"
    ;;
  stop) kill "$(< "$file")"; rm "$file" ;;
  is-active) test -e "$file" && kill -0 "$(< "$file")" ;;
  show) cat "$file" ;;
esac
`

const venv = `#!/usr/bin/env bash
set -euo pipefail
if [[ "\${1:-} \${2:-}" == '-m venv' ]]; then
  mkdir -p "$3/bin"
  for name in pip python gunicorn uvicorn mkdocs alembic; do ln -sf "$STAND_INS/bin/$name" "$3/bin/$name"; done
fi
`

const quiet = '#!/usr/bin/env bash\nexit 0\n'

/** A tool that reaches its hosts by itself. It reads its settings in the files of the release that it brings. */
const deploys = (sha: string): string =>
  `{ grep -qx "$ROLLGATE_RELEASE" notes.txt && [[ ! -e .broken ]]; } || { echo 'no such setting' >&2; exit 1; }; echo "${sha}" > "$STAND_INS/deployed"`

const programs: Readonly<Record<string, string>> = {
  docker,
  'engine-state': engine,
  'engine-hand-over': engine,
  systemctl,
  python3: venv,
  gunicorn: `#!/usr/bin/env bash\n${serve}\n`,
  uvicorn: `#!/usr/bin/env bash\n${serve}\n`,
  bundle: `#!/usr/bin/env bash\ncase "$*" in *' server '*) ${serve} ;; *' cap '*) ${deploys('$BRANCH')} ;; esac\n`,
  java: `#!/usr/bin/env bash\n${serve}\n`,
  mvn: quiet,
  composer:
    '#!/usr/bin/env bash\nmkdir -p vendor/bin && cp "$STAND_INS/bin/php" vendor/bin/console && cp "$STAND_INS/bin/dep" vendor/bin/dep\n',
  php: '#!/usr/bin/env bash\n[[ ! -e .broken || "$*" != *list* ]]\n',
  dep: `#!/usr/bin/env bash\n[[ "$*" =~ --revision=([0-9a-f]+) ]]\n${deploys('${BASH_REMATCH[1]}')}\n`,
  go: '#!/usr/bin/env bash\nwhile [[ "$1" != -o ]]; do shift; done\ncp "$STAND_INS/bin/gunicorn" "$2"\n',
  mkdocs: '#!/usr/bin/env bash\nmkdir -p site\n[[ -e .broken ]] || echo hello > site/index.html\n',
  npm: '#!/usr/bin/env bash\nif [[ "$*" == "run start" && ! -e .broken ]]; then exec node server.js; fi\n',
  kamal: `#!/usr/bin/env bash\ncase "$1 $2" in "app version") cat "$STAND_INS/deployed" ;; "deploy "*) ${deploys('$ROLLGATE_SHA')} ;; esac\n`,
  ...Object.fromEntries(['pip', 'python', 'alembic'].map((name) => [name, quiet])),
}

/** Puts stand-ins for the programs that scripts call into a folder. Returns the variables by which a script finds them. */
export function standIns(folder: string): Readonly<Record<string, string>> {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'server.cjs'), server)
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, 'bin', name), text, { mode: 0o755 })
  return {
    STAND_INS: folder,
    STAND_INS_PLACE: join(folder, 'home/shop-app/current'),
    HOME: join(folder, 'home'),
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  }
}
