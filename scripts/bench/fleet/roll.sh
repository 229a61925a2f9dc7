#!/usr/bin/env bash
# roll.sh here|by-command|by-host: takes the hosts of $FLEET to $RELEASE, $WIDTH at a time, as a hand-written
# loop does it. `here` does the work of the hosts with no ssh between: the floor.
set -euo pipefail
# Going back only switches to what is on the hosts still.
INSTALL=${INSTALL:-install}

change() {
  act drain "$2"
  "$1" "$2"
  act test "$2"
  act ready "$2"
}

here() {
  local home="$HOMES/127.0.1.${1#web-}"
  # shellcheck disable=SC2086 # several words, or none
  $AS_LOGIN env "ROLLGATE_RELEASE=$RELEASE" "INSTALL=$INSTALL" "HOME=$home" "PATH=$home/bin:$PATH" /bin/sh -c 'cd "$HOME" && host stop && host $INSTALL && host start'
}

# The first command of a host opens the connection that its others share.
by-command() {
  local task
  for task in stop "$INSTALL" start; do
    ssh -F "$SETTINGS" -o ControlMaster=auto -o ControlPersist=60 -o "ControlPath=$PWD/%h" "$1" \
      "ROLLGATE_RELEASE=$RELEASE bin/host $task"
  done
}

by-host() {
  ssh -F "$SETTINGS" -o KexAlgorithms=curve25519-sha256 "$1" \
    "export ROLLGATE_RELEASE=$RELEASE; bin/host stop && bin/host $INSTALL && bin/host start"
}

read -ra hosts <<<"$FLEET"
for ((first = 0; first < ${#hosts[@]}; first += WIDTH)); do
  batch=()
  for host in "${hosts[@]:first:WIDTH}"; do
    change "$1" "$host" &
    batch+=($!)
  done
  for one in "${batch[@]}"; do wait "$one"; done
done
