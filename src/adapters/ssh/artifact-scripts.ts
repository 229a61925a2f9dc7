/** What is done on a host for an artifact: POSIX sh, told what it is about by variables. The last word is the answer. */

/**
 * Whether the host has the artifact of `APP` at `SHA`: `kept`, `differs` or `absent`. It must have this digest, or the
 * one that was recorded with it where `DIGEST` is empty.
 */
export const lookForArtifact = `
folder=.rollgate/$APP/$SHA
mkdir -p .rollgate
[ -f "$folder/$NAME" ] || { echo absent; exit; }
wanted=$DIGEST
[ -n "$wanted" ] || [ ! -f "$folder/$NAME.sha256" ] || read -r wanted rest <"$folder/$NAME.sha256"
found=$(sha256sum <"$folder/$NAME")
[ "\${found%% *}" = "$wanted" ] || { echo differs; exit; }
printf '%s  %s\\n' "$wanted" "$NAME" >"$folder/$NAME.sha256"
touch "$folder"
echo kept
`

/**
 * Puts what has come as `INCOMING` in its place, if it has this digest: `placed` or `differs`. Of all releases of the
 * app the five that were used last stay, with the one at `PREVIOUS` among them: a way back needs it.
 */
export const placeArtifact = `
folder=.rollgate/$APP/$SHA
incoming=.rollgate/$INCOMING
found=$(sha256sum <"$incoming")
[ "\${found%% *}" = "$DIGEST" ] || { rm -f "$incoming"; echo differs; exit; }
mkdir -p "$folder"
mv -f "$incoming" "$folder/$NAME"
printf '%s  %s\\n' "$DIGEST" "$NAME" >"$folder/$NAME.sha256"
touch "$folder"
[ -z "$PREVIOUS" ] || [ ! -d ".rollgate/$APP/$PREVIOUS" ] || touch ".rollgate/$APP/$PREVIOUS"
find .rollgate -maxdepth 1 -name 'incoming-*' -mtime +1 -exec rm -f {} +
cd ".rollgate/$APP"
ls -1t | tail -n +6 | while IFS= read -r old; do rm -rf "./$old"; done
echo placed
`
