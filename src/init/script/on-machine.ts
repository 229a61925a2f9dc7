import { askPort, below, buildInFolder, type Made, type MadeOf, type ScriptBody } from './body.ts'
import { guard } from './guard.ts'
import { shellWord } from './quote.ts'

/** A process with a pid of its own, which outlives the job. */
export function processBody(made: MadeOf<'process'>): ScriptBody {
  const inFolder = buildInFolder(made)
  return {
    ...inFolder,
    before: [
      ...inFolder.before,
      '',
      "# Prints the pid of the instance's process. After a restart of the machine the number may be another program's.",
      'running() {',
      '  local pid',
      '  pid=$(cat "$here/pid" 2> /dev/null) || return 1',
      '  [[ "$(readlink "/proc/$pid/cwd")" == "$home/releases/"* ]] || return 1',
      '  echo "$pid"',
      '}',
    ],
    stop: [
      'pid=$(running) || exit 0 # it does not run: stopped already',
      'kill -- "-$pid"',
      'for _ in {1..150}; do',
      '  running > /dev/null || break',
      '  sleep 0.2',
      'done',
      'kill -KILL -- "-$pid" 2> /dev/null || true # whatever is left after 30 seconds',
      'rm -f "$here/pid"',
    ],
    install: ['build', 'mkdir -p "$here"', 'ln -sfn "$release" "$here/current"'],
    start: [
      `cd "${below('$here/current', made.folder)}"`,
      'cd "$(pwd -P)"',
      'unset RUNNER_TRACKING_ID # a runner ends every process that still carries it when the job is over',
      `setsid bash -c ${shellWord(made.running.start)} > "$here/log" 2>&1 < /dev/null &`,
      'echo $! > "$here/pid"',
      'sleep 1',
      'if running > /dev/null; then exit 0; fi',
      'tail -n 20 "$here/log" >&2 # it ended at once: its last words, before anything waits for it',
      'exit 1',
    ],
    version: [
      'pid=$(running)',
      'path=$(readlink "/proc/$pid/cwd") # what it really runs in, not what was meant',
      'path=${path#"$home/releases/"}',
      `echo "\${path%%/*}"`,
    ],
    healthy: ['running > /dev/null', ...askPort],
  }
}

/** Units of systemd. Their own folder gets the files of the release. */
export function unitsBody(made: MadeOf<'units'>): ScriptBody {
  const { units, user, place } = made.running
  const inFolder = buildInFolder(made)
  const all = units.map(shellWord).join(' ')
  const linked = /\/current$/.test(place)
  const target = place.replace(/^%h/, '$HOME')
  return {
    ...inFolder,
    before: [
      ...inFolder.before,
      '',
      `place="${target}" # WorkingDirectory of the unit`,
      'control() {',
      user
        ? '  systemctl --user "$@"'
        : '  if [[ $EUID == 0 ]]; then systemctl "$@"; else sudo --non-interactive systemctl "$@"; fi',
      '}',
    ],
    stop: [
      `for unit in ${all}; do`,
      '  if control is-active --quiet "$unit"; then control stop "$unit"; fi',
      'done',
    ],
    install: [
      'build',
      'mkdir -p "$here" "$(dirname "$place")"',
      'ln -sfn "$release" "$here/current"',
      ...(linked
        ? [`ln -sfn "${below('$release', made.folder)}" "$place"`]
        : [
            'mkdir -p "$place"',
            'if [[ -f "$here/files" ]]; then (cd "$place" && xargs -0 rm -f < "$here/files"); fi # of the release before',
            `cd "${below('$release', made.folder)}"`,
            'find . \\( -type f -o -type l \\) -print0 > "$here/files"',
            'tar -cf - . | tar -C "$place" -xf -',
          ]),
    ],
    start: [`control start ${all}`],
    version: [
      `pid=$(control show --property MainPID --value ${shellWord(units[0] ?? '')})`,
      'cat "/proc/$pid/cwd/.rollgate-sha" # in the folder that the process really runs in',
    ],
    healthy: [`control is-active --quiet ${all}`],
  }
}

/** Files behind a link, which a server that is there already serves. */
export function filesBody(made: MadeOf<'files'>): ScriptBody {
  const { output, boots, after } = made.running
  const inFolder = buildInFolder(made)
  const current = below('$here/current', made.folder)
  const served = output === '.' ? current : `${current}/${output}`
  return {
    ...inFolder,
    stop: null,
    install: [
      'build',
      'mkdir -p "$here"',
      `cd "${below('$release', made.folder)}"`,
      boots === ''
        ? `test -s ${shellWord(`${output}/index.html`)}`
        : `${boots} > /dev/null # it can start, before anything is switched`,
    ],
    start: [
      'ln -sfn "$release" "$here/next"',
      'mv -T "$here/next" "$here/current" # in one move: no request finds nothing',
      ...(after.length === 0 ? [] : [`cd "${current}"`, ...after]),
    ],
    version: ['basename "$(readlink "$here/current")"'],
    healthy: boots === '' ? [`test -s "${served}/index.html"`] : [`cd "${current}"`, `${boots} > /dev/null`],
  }
}

/** A tool that reaches the hosts by itself. */
export function toolBody({ folder, sketch, running }: MadeOf<'tool'>): ScriptBody {
  const there = folder.path === '' ? [] : [`cd ${folder.path}`]
  const inRelease = (command: string): readonly string[] => [...there, ...sketch.build, command]
  return {
    before: [],
    built: null,
    build: [...there, ...sketch.build],
    stop: null,
    install: [
      '# The files of the release that is brought: of the older one where the deployment goes back.',
      `cd "${below('${ROLLGATE_CHECKOUT:-.}', folder)}"`,
      ...running.deploy,
    ],
    start: null,
    version:
      running.version === null
        ? null
        : [
            ...there,
            '# The one version that every host runs; with two of them the answer is none.',
            `versions=$(${running.version} | grep -oE '[0-9a-f]{40}' | sort -u)`,
            '[[ "$(wc -l <<< "$versions")" == 1 ]]',
            'echo "$versions"',
          ],
    healthy: null,
    inRelease,
  }
}

/** An app that nothing tells how to start. */
export function unknownBody(made: Made): ScriptBody {
  return {
    ...buildInFolder(made),
    stop: [guard('stops one instance, and does nothing where none runs')],
    install: ['build', 'mkdir -p "$here"', 'ln -sfn "$release" "$here/current"'],
    start: [guard('starts one instance from $here/current, and returns')],
    version: [guard('prints the release that the instance really runs')],
    healthy: [guard('exits with 0 when the instance is up')],
  }
}
