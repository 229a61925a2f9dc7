/**
 * A shell script that serves commands on a host, one after another, without a new session for each. It is the same
 * for every host: requests come as lines on its input, values in them are data and never read as shell text. It is
 * plain POSIX sh with `setsid` and `mktemp` beside it, and `/proc`. What it says begins with a nonce, so that no command's
 * output is taken for it.
 *
 * It is a pipeline: `attend` hears all requests, does what must not wait, and passes the others on to `execute`. So a
 * command need not be run in the background, where a shell has it ignore SIGINT and SIGQUIT for good.
 *
 * A command runs in a session of its own. Its output goes through `cat`, which can be ended when a daemon still holds
 * it. When the input ends, because the connection or the run is gone, so does whatever runs.
 */
export const driver = `
say() { printf '%s %s\\n' "$nonce" "$*"; }

# Decoding costs a fork: only where something was encoded. The dot keeps newlines at the end.
decode() {
  value=$1
  case $value in
    *\\\\*) value=$(printf '%b.' "$value") && value=\${value%.} ;;
  esac
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
    [ -s "$box/group" ] && break
    sleep 0.1 || sleep 1
  done
  read -r group <"$box/group" && [ "$group" != none ]
}

end_group() {
  running_group || return
  # The process itself where it has not come to lead its group yet.
  kill -TERM "-$group" || kill -TERM "$group" || return
  for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -0 "-$group" || kill -0 "$group" || return
    sleep 0.1 || sleep 1
  done
  kill -KILL "-$group"
}

hush() { read -r copier <"$box/copier" && kill "$copier"; }

attend() {
  trap : PIPE
  request=
  while IFS= read -r line; do
    case $line in
      end)
        end_group
        say gone >&3
        ;;
      hush) hush ;;
      run)
        : >"$box/group"
        say started >&3
        printf '%srun\\n' "$request"
        request=
        ;;
      *)
        request="$request$line
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

become() {
  while :; do
    case $1 in
      *=*)
        command export "$1"
        shift
        ;;
      *) exec "$setsid" "$@" ;;
    esac
  done
}

perform() {
  cd -- "$folder" || { echo none >"$box/group"; say nowhere; return; }
  (note_pid "$box/group" && become "$@") 2>&1
  code=$?
  echo none >"$box/group"
  say exited "$code"
}

execute() {
  folder=.
  set --
  while IFS= read -r line; do
    case $line in
      anew) set -- ;;
      'arg '*) decode "\${line#arg }" && set -- "$@" "$value" ;;
      'folder '*) decode "\${line#folder }" && folder=$value ;;
      'script '*) printf '%b\\n' "\${line#script }" >"$box/script" ;;
      run)
        perform "$@" </dev/null | { note_pid "$box/copier" && exec cat; }
        : >"$box/copier"
        say ended
        ;;
    esac
  done
}

serve() {
  nonce=$1
  for tool in setsid mktemp cat; do
    command -v "$tool" >/dev/null || { echo "there is no $tool on this host" >&2; exit; }
  done
  [ -r /proc/self/status ] || { echo "there is no /proc on this host" >&2; exit; }
  setsid=$(command -v setsid)
  box=$(mktemp -d "\${TMPDIR:-/tmp}/rollgate.XXXXXX") || exit
  echo none >"$box/group"
  : >"$box/copier"
  say box "$box"
  say ready "$PWD"
  exec 2>/dev/null
  { attend | execute 3>&-; } 3>&1
  rm -rf "$box"
  exit
}
`
