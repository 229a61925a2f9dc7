# Sourced first by every script in bin/: one line in the journal, then whatever trouble has been laid in the script's way.
set -eu
script=${script:-${0##*/}}
instance=${ROLLGATE_INSTANCE:--}
root=${0%/*}/..

echo "$script $ROLLGATE_RELEASE $instance" >>"$SHOP_HOME/journal.log"

# Waits until the file $1 is gone, a minute at most. The pid is left in held/, so that a test can see the script wait.
hold() {
  echo "$script $instance" >"$SHOP_HOME/held/$$"
  rounds=0
  while [ -f "$1" ] && [ "$rounds" -lt 1200 ]; do
    sleep 0.05
    rounds=$((rounds + 1))
  done
  rm -f "$SHOP_HOME/held/$$"
}

place=$instance${ROLLGATE_SLOT:+-$ROLLGATE_SLOT}

for trouble in "$SHOP_HOME/trouble/$script" "$SHOP_HOME/trouble/$script.$instance" "$SHOP_HOME/trouble/$script.$place"; do
  [ -f "$trouble" ] || continue
  read -r kind message <"$trouble"
  case $kind in
  hold) hold "$trouble" ;;
  fail)
    echo "$message" >&2
    exit 1
    ;;
  esac
done
