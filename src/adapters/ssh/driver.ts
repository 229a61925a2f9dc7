import { listReleases } from '../release-scripts.ts'

/** True for a script that the driver has with it. It ends by itself, leaves nothing running, and a kill in it harms nothing. */
export const isOwn = (script: string): boolean => script === listReleases

/** The exit code of a driver that can serve nothing on its host; its last line says why. */
export const UNFIT = 93

/** The exit codes of a stand-by that ran no command. */
const ending = { nowhere: 90, unwritten: UNFIT, over: 94 } as const

/**
 * The process that becomes the next command. It is started before it is needed, in a session of its own,
 * since each program that has to be started takes a busy host milliseconds. It knows the request of the
 * command before it, and gets the changes. The text stands in single quotes below, and contains none. It is
 * one group in braces, so that a shell runs nothing of a file that was cut off.
 */
const standby = `{
box=$1
side=$2
folder=.
cut=
apart=
set --

# Decoding costs a fork: only where something was encoded. The dot keeps newlines at the end.
decode() {
  value=$1
  case $value in
    *\\\\*) value=$(printf "%b." "$value") && value=\${value%.} ;;
  esac
}

# Writes all of it or fails. A shell hardly says why it could not write, and a program does.
keep() { printf "%b\\n" "$1" >"$2" || printf "%b\\n" "$1" | LC_ALL=C tee "$2" 2>&1 >/dev/null; }

while IFS= read -r line && [ "$line" != run ]; do
  case $line in
    anew) set -- && apart= ;;
    apart) apart=yes ;;
    "arg "*) decode "\${line#arg }" && set -- "$@" "$value" ;;
    "folder "*) decode "\${line#folder }" && folder=$value ;;
    "script "*) keep "\${line#script }" "$box/script" || cut=yes ;;
  esac
done
[ "$line" = run ] || { true >"$side.over"; exit ${ending.over}; }

[ -z "$cut" ] || exit ${ending.unwritten}
cd -- "$folder" || exit ${ending.nowhere}
[ -z "$apart" ] || true >"$side.aside" || exit ${ending.unwritten}
# By this it is ended: what could not be ended does not begin.
keep "$$" "$side.group" || exit ${ending.unwritten}
if [ "$apart" ]; then exec </dev/null 2>"$side.aside"; else exec </dev/null 2>&1; fi
# First, since variables may be called the same.
unset box side folder cut line value apart
unset -f decode keep
while :; do
  case $1 in
    *=*)
      command export "$1"
      shift
      ;;
    *) break ;;
  esac
done

# A shell is here already, and is as good as a new one.
if [ "$*" = "sh -e \${0%standby}script" ]; then
  set -e --
  . "\${0%standby}script"
else
  exec "$@"
  # Only without any words.
  exit 127
fi
}`

/**
 * A shell script that serves commands on a host, one after another, without a new session for each. It is the
 * same for every host: requests come as lines on its input, and values in them are data, never read as shell
 * text. It is plain POSIX sh with `setsid`, `mktemp`, `cat` and `tee` beside it, and `/proc`. Its replies
 * begin with a nonce, so that no command's output is taken for one.
 *
 * Two sides run the commands in turn: while one runs a command, the process for the next gets ready on the
 * other, unless none is expected. Each side ends a pipeline, and `attend`, which reads all requests and does
 * the work that must not wait, writes to both. So a command need not be run in the background, where a shell
 * has it ignore SIGINT and SIGQUIT for good.
 *
 * A command's output goes through `cat`, which can be ended when a daemon still holds the output. When the
 * input ends, because the connection or the run is gone, the driver ends its commands.
 */
export const driver = `
# A host may export options by SHELLOPTS and an idle time by TMOUT. Under \`noclobber\` no script could replace the one
# before it, under \`allexport\` commands would see the nonce, and TMOUT would end the driver while a command runs.
set +aCefmuvx
command unset TMOUT 2>/dev/null

say() { printf '%s %s\\n' "$nonce" "$*"; }

unfit() {
  echo "$*" >&2
  exit ${UNFIT}
}

# Leaves the pid of the process that calls it in a file: what the shell calls its own is that of the whole driver. A shell
# reads byte by byte, and these lines are short.
note_pid() {
  while read -r name pid rest; do
    [ "$name" = Tgid: ] && echo "$pid" >"$1" && return
  done </proc/self/status
}

# The group's file is empty for the moment between the request and the start.
running_group() {
  for tenth in 1 2 3 4 5 6 7 8 9 10; do
    [ -s "$side.group" ] && break
    sleep 0.1 || sleep 1
  done
  read -r group <"$side.group" && [ "$group" != none ]
}

end_group() {
  running_group || return
  kill -TERM "-$group" || return
  for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -0 "-$group" || return
    sleep 0.1 || sleep 1
  done
  kill -KILL "-$group"
}

hush() { read -r copier <"$side.copier" && kill "$copier"; }

# Who stands by, on the side whose descriptor is \`turn\`, is told the words of the command before while there is time.
stand_by() {
  printf 'next\\n%s' "$words" >&"$turn"
  ready=yes
}

begin() {
  [ "$ready" ] || stand_by
  side=$box/$turn
  true >"$side.group"
  say started >&3
  printf '%s%s\\nrun\\n' "$news" "$script" >&"$turn"
  words=\${news:-$words}
  news=
  turn=$((9 - turn))
  ready=
}

own() {${listReleases}}

# Runs the driver's own script in a fork of this shell: a session, a shell and a copier would have to be started otherwise. Nothing
# else is heard meanwhile.
answer() {
  (
    set -e
    command export "$@"
    own
  ) </dev/null >&3 2>&3 4>&- 5>&-
  printf '%s exited %s\\n%s ended\\n' "$nonce" "$?" "$nonce" >&3
}

attend() {
  trap : PIPE
  side=$box/4
  turn=4
  words=
  news=
  script=
  stand_by
  while IFS= read -r line; do
    case $line in
      end)
        end_group
        say gone >&3
        ;;
      hush) hush ;;
      'with '*) set -- "$@" "\${line#with }" ;;
      own)
        answer "$@"
        set --
        ;;
      run)
        begin
        stand_by
        ;;
      last) begin ;;
      'script '*) script=$line ;;
      *)
        news="$news$line
"
        ;;
    esac
  done
  if running_group; then
    end_group
    # How it ended is still on its way through the copier.
    sleep 0.1 || sleep 1
  fi
  hush
}

# Hears whatever is asked until a command is to run, and that none is where nothing more is asked.
pass_over() {
  while IFS= read -r line; do
    [ "$line" = run ] && return
  done
  true >"$side.over"
  return 1
}

# What ends before it has left its pid has run no command. The pid is read through a descriptor of before: a command may remove
# the folder, and the folder may have been removed.
perform() {
  group=
  code=gone
  {
    setsid sh "$box/standby" "$box" "$side" 6<&-
    code=$?
    read -r group <&6
  } 6<"$side.group"
  echo none >"$side.group"
  # What a command that was asked something said on stderr, which is not its answer.
  [ -s "$side.aside" ] && say aside && cat "$side.aside" && true >"$side.aside"
  case $group in
    '' | none) say_unrun ;;
    *) say exited "$code" ;;
  esac
}

say_unrun() {
  case $code in
    ${ending.over}) ;;
    ${ending.nowhere}) say nowhere ;;
    ${ending.unwritten}) say unwritten ;;
    *)
      pass_over || return
      if [ -e "$box/standby" ]; then
        echo "what was to become the command ended with $code before it did"
      else
        echo "$box/standby: No such file or directory"
      fi
      say unwritten
      ;;
  esac
}

# For each line that comes here one gets ready, who hears all that follows until it runs.
execute() {
  side=$1
  while read -r next; do
    perform | {
      note_pid "$side.copier" || true >"$side.copier"
      exec cat
    }
    true >"$side.copier"
    [ -e "$side.over" ] || say ended
  done
}

# Writes all of it, or serves nothing.
lay() {
  printf '%s\\n' "$1" >"$2" || printf '%s\\n' "$1" | LC_ALL=C tee "$2" >/dev/null && return
  rm -rf "$box"
  unfit "not all of the driver could be written in $temp"
}

serve() {
  nonce=$1
  case \${TMOUT:-0} in
    *[!0]*) unfit "TMOUT is read-only in its shell, which ends whatever waits for $TMOUT s" ;;
  esac
  for tool in setsid mktemp cat tee; do
    command -v "$tool" >/dev/null || unfit "there is no $tool on this host"
  done
  [ -r /proc/self/status ] || unfit "there is no /proc on this host"
  temp=\${TMPDIR:-/tmp}
  box=$(LC_ALL=C mktemp -d "$temp/rollgate.XXXXXX") || unfit "no folder could be made in $temp"
  case $box in
    /*) ;;
    *) box=$PWD/$box ;;
  esac
  lay '${standby}' "$box/standby"
  lay none "$box/4.group"
  lay none "$box/5.group"
  true >"$box/4.copier"
  say box "$box"
  say ready "$PWD"
  exec 2>/dev/null
  { { attend 4>&1 | execute "$box/4" >&3 3>&- 5>&-; } 5>&1 | execute "$box/5" 3>&-; } 3>&1
  exec rm -rf "$box"
}
`
