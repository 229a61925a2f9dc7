/**
 * A shell script that serves commands on a host, one after another, without a new session for each. It is the same
 * for every host: requests come as lines on its input, values in them are data and never read as shell text. It is
 * plain POSIX sh with `setsid` and `mktemp` beside it. What it says begins with a nonce, so that no command's
 * output is taken for it.
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
  become "$@" 2>&1 &
  echo "$!" >"$box/group"
  say started
  wait "$!"
  code=$?
  echo none >"$box/group"
  say exited "$code"
}

relay() {
  trap 'kill "$copier"' TERM
  exec 3<&0
  cat <&3 &
  copier=$!
  exec 3<&- </dev/null
  # Twice: the trap ends the first wait before the copier has ended.
  wait "$copier"
  wait "$copier"
  say ended
}

serve() {
  nonce=$1 folder=. relay=
  for tool in setsid mktemp cat; do
    command -v "$tool" >/dev/null || { echo "there is no $tool on this host" >&2; exit; }
  done
  setsid=$(command -v setsid)
  box=$(mktemp -d "\${TMPDIR:-/tmp}/rollgate.XXXXXX") || exit
  echo none >"$box/group"
  trap : PIPE
  say box "$box"
  say ready "$PWD"
  exec 2>/dev/null
  set --
  while IFS= read -r line; do
    case $line in
      'arg '*) decode "\${line#arg }" && set -- "$@" "$value" ;;
      'folder '*) decode "\${line#folder }" && folder=$value ;;
      'script '*) printf '%b\\n' "\${line#script }" >"$box/script" ;;
      run)
        [ -z "$relay" ] || wait "$relay"
        : >"$box/group"
        perform "$@" </dev/null | relay &
        relay=$!
        set --
        ;;
      end)
        end_group
        say gone
        ;;
      hush) kill "$relay" ;;
    esac
  done
  end_group
  [ -z "$relay" ] || kill "$relay"
  rm -rf "$box"
  exit
}
`
