# Sourced by the scripts for one instance, after begin.sh: where its things are, and the process that runs it.
name=$ROLLGATE_INSTANCE${ROLLGATE_SLOT:+-$ROLLGATE_SLOT}
folder=$SHOP_HOME/instances/$name
current=$folder/current
pid_file=$folder/pid

# True if the process $1 runs. One that ended and was not collected by its parent does not: in a container whose
# first process collects no children it stays so for ever.
is_running() {
  kill -0 "$1" 2>/dev/null || return 1
  { read -r state <"/proc/$1/stat"; } 2>/dev/null || return 0
  case $state in *') Z '*) return 1 ;; esac
}

# The process that the pid file names, if it runs; nothing otherwise.
running_process() {
  { read -r pid <"$pid_file"; } 2>/dev/null || return 0
  if is_running "$pid"; then echo "$pid"; fi
}

# Waits until the command after the first word succeeds, for $1 rounds of 20 ms at most.
until_true() {
  rounds=$1
  shift
  until "$@"; do
    [ "$rounds" -gt 0 ] || return 1
    sleep 0.02
    rounds=$((rounds - 1))
  done
}
