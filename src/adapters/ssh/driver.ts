/**
 * What becomes the next command. It is there before anybody asks, in a session of its own, since each program that has to
 * be started takes a busy host milliseconds. It knows what the command before it was asked for, and hears what is new. It
 * stands in single quotes below, and has none itself.
 */
const standby = `
box=$1
side=$2
folder=.
set --

# Decoding costs a fork: only where something was encoded. The dot keeps newlines at the end.
decode() {
  value=$1
  case $value in
    *\\\\*) value=$(printf "%b." "$value") && value=\${value%.} ;;
  esac
}

while IFS= read -r line && [ "$line" != run ]; do
  case $line in
    anew) set -- ;;
    "arg "*) decode "\${line#arg }" && set -- "$@" "$value" ;;
    "folder "*) decode "\${line#folder }" && folder=$value ;;
    "script "*) printf "%b\\n" "\${line#script }" >"$box/script" ;;
  esac
done
[ "$line" = run ] || { : >"$side.over"; exit; }

echo "$$" >"$side.group"
cd -- "$folder" || { : >"$side.nowhere"; exit; }
exec </dev/null 2>&1
# First, since variables may be called the same.
unset box side folder line value
unset -f decode
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
`

/**
 * A shell script that serves commands on a host, one after another, without a new session for each. It is the same
 * for every host: requests come as lines on its input, values in them are data and never read as shell text. It is
 * plain POSIX sh with `setsid` and `mktemp` beside it, and `/proc`. What it says begins with a nonce, so that no command's
 * output is taken for it.
 *
 * Two sides run the commands in turn: while one runs a command, what becomes the next gets ready on the other, unless
 * none is expected. Each side ends a pipeline, and `attend`, which hears all requests and does what must not wait, writes
 * to both. So a command need not be run in the background, where a shell has it ignore SIGINT and SIGQUIT for good.
 *
 * A command's output goes through `cat`, which can be ended when a daemon still holds it. When the input ends, because
 * the connection or the run is gone, so does whatever runs.
 */
export const driver = `
say() { printf '%s %s\\n' "$nonce" "$*"; }

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
  : >"$side.group"
  say started >&3
  printf '%s%s\\nrun\\n' "$news" "$script" >&"$turn"
  words=\${news:-$words}
  news=
  turn=$((9 - turn))
  ready=
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

perform() {
  setsid sh "$box/standby" "$box" "$side"
  code=$?
  echo none >"$side.group"
  if [ -e "$side.nowhere" ]; then
    rm -f "$side.nowhere"
    say nowhere
  elif [ ! -e "$side.over" ]; then
    say exited "$code"
  fi
}

# For each line that comes here one gets ready, who hears all that follows until it runs.
execute() {
  side=$1
  while read -r next; do
    perform | { note_pid "$side.copier" && exec cat; }
    : >"$side.copier"
    [ -e "$side.over" ] || say ended
  done
}

serve() {
  nonce=$1
  for tool in setsid mktemp cat; do
    command -v "$tool" >/dev/null || { echo "there is no $tool on this host" >&2; exit; }
  done
  [ -r /proc/self/status ] || { echo "there is no /proc on this host" >&2; exit; }
  box=$(mktemp -d "\${TMPDIR:-/tmp}/rollgate.XXXXXX") || exit
  printf '%s' '${standby}' >"$box/standby"
  echo none >"$box/4.group"
  : >"$box/4.copier"
  say box "$box"
  say ready "$PWD"
  exec 2>/dev/null
  { { attend 4>&1 | execute "$box/4" >&3 3>&- 5>&-; } 5>&1 | execute "$box/5" 3>&-; } 3>&1
  exec rm -rf "$box"
}
`
