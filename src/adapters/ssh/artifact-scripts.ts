/**
 * The scripts for an artifact on a host: POSIX sh under `-e`, with variables as parameters. The last word is
 * the answer, and a write that fails leaves the old file in place.
 */

/** Writes the digest beside the artifact, where it does not stand there already. */
const noteDigest = `
note_digest() {
  noted=
  [ ! -f "$folder/$NAME.sha256" ] || read -r noted rest <"$folder/$NAME.sha256" || :
  [ "$noted" = "$1" ] && return
  printf '%s  %s\\n' "$1" "$NAME" >"$folder/$NAME.sha256.new"
  mv -f "$folder/$NAME.sha256.new" "$folder/$NAME.sha256"
}
`

/**
 * Looks for the artifact of `APP` at `SHA` on the host: `kept` and its digest, `differs` or `absent`. The
 * artifact must have this digest, or the recorded one if `DIGEST` is empty.
 */
export const lookForArtifact = `${noteDigest}
folder=.rollgate/$APP/$SHA
mkdir -p .rollgate
[ -f "$folder/$NAME" ] || { echo absent; exit; }
wanted=$DIGEST
[ -n "$wanted" ] || [ ! -f "$folder/$NAME.sha256" ] || read -r wanted rest <"$folder/$NAME.sha256" || :
found=$(sha256sum <"$folder/$NAME")
[ "\${found%% *}" = "$wanted" ] || { echo differs; exit; }
note_digest "$wanted"
touch "$folder"
echo "kept $wanted"
`

/**
 * Moves the file `INCOMING` into its place, if it has this digest: `placed` or `differs`. The `KEEP` last used releases of
 * the app stay, those in `NEEDED` among them: a rollback needs them. `CLAIM` says so to
 * other environments and services that bring releases of the app to this host. A claim that cannot be read clears nothing.
 */
export const placeArtifact = `${noteDigest}
folder=.rollgate/$APP/$SHA
incoming=.rollgate/$INCOMING
found=$(sha256sum <"$incoming")
[ "\${found%% *}" = "$DIGEST" ] || { rm -f "$incoming"; echo differs; exit; }
mkdir -p "$folder"
# A noted digest is never that of another file: this may end between the two.
[ ! -f "$folder/$NAME.sha256" ] || : >"$folder/$NAME.sha256"
mv -f "$incoming" "$folder/$NAME"
note_digest "$DIGEST"
touch "$folder"
find .rollgate -maxdepth 1 -name 'incoming-*' -mtime +1 -exec rm -f {} +
cd "./.rollgate/$APP"
for needed in $NEEDED; do
  [ ! -d "./$needed" ] || touch "./$needed"
done
touch "./$SHA"
printf '%s\n' "$SHA" $NEEDED >".$CLAIM.new"
mv -f ".$CLAIM.new" ".needed.$CLAIM"
count=0
ls -1t | while IFS= read -r old; do
  count=$((count + 1))
  [ "$count" -gt "$KEEP" ] || continue
  claimed=0
  grep -qxF -e "$old" .needed.* || claimed=$?
  [ "$claimed" -ne 1 ] || rm -rf "./$old"
done
echo placed
`

/**
 * Receives a file as this name below `.rollgate`, or leaves nothing of it. Any login shell reads it, so that
 * it is one word in single quotes; the name is made of letters, digits and dashes.
 */
export const receiveAs = (name: string): string =>
  `exec sh -c 'export LC_ALL=C; cat >.rollgate/${name} || { rm -f .rollgate/${name}; exit 1; }'`

/** Writes a file out again. Its path is made of folders that are letters, digits, dots and dashes, and a quoted name. */
export const readBack = (path: string): string => `exec cat '${path.replaceAll("'", `'\\''`)}'`
