/**
 * The scripts for the folders of releases: POSIX sh under `-e`, in the home of the login, with variables as parameters.
 * `PLACE` has a folder `SHA` for each release, and beside it the mark `SHA.release`: `whole` or `begun`, the digest of its
 * file, and its tag. A mark is replaced by a rename, so that it is the old one or the new one.
 */

/** Removes a folder in which a command may have made folders read-only. */
const remove = `
remove() {
  rm -rf "./$1" 2>/dev/null || { chmod -R u+rwX "./$1"; rm -rf "./$1"; }
}
`

/**
 * Prints a line for each release, the last used first: its state, commit, digest and tag; then `end`. The word `filed`
 * follows for `SHA` if the file it came with still lies at `FILE`, by the digest that was noted when it was placed there.
 */
export const listReleases = `
[ -d "$PLACE" ] || { echo end; exit; }
kept=
[ ! -f "./$FILE" ] || [ ! -f "./$FILE.sha256" ] || read -r kept rest <"./$FILE.sha256" || :
set --
[ ! -f "./$PLACE/$SHA.release" ] || set -- "./$PLACE/$SHA.release"
[ -z "$kept" ] || set -- "$@" "./\${FILE%/*}"
[ $# -eq 0 ] || touch "$@"
cd "./$PLACE"
set -f
marks=$(ls -1t)
for mark in $marks; do
  case $mark in
    *.release | *.clearing) ;;
    *) continue ;;
  esac
  [ -f "./$mark" ] || continue
  state= digest= tag= filed=
  read -r state digest tag <"./$mark" || :
  name=\${mark%.*}
  [ -d "./$name" ] || state=gone
  [ "$mark" = "$name.release" ] || state=begun
  [ "$name $digest" != "$SHA $kept" ] || filed=' filed'
  echo "\${state:-begun} $name \${digest:--} \${tag:--}$filed"
done
echo end
`

/** Makes the folder of \`SHA\` anew. Whatever was there before was no whole release. */
export const beginRelease = `${remove}
mkdir -p "$PLACE"
cd "./$PLACE"
printf 'begun - %s\\n' "$TAG" >"$SHA.release.new"
mv -f "$SHA.release.new" "$SHA.release"
rm -f "$SHA.clearing"
remove "$SHA"
mkdir "./$SHA"
echo begun
`

/** Marks the folder of \`SHA\` as a whole release: \`marked\`, or \`gone\` if there is none. */
export const finishRelease = `
cd "./$PLACE"
[ -d "./$SHA" ] || { echo gone; exit; }
printf 'whole %s %s\\n' "$DIGEST" "$TAG" >"$SHA.release.new"
mv -f "$SHA.release.new" "$SHA.release"
echo marked
`

/** Removes the releases \`NAMES\`. The mark goes first, by a rename, which needs no room on a full disk. */
export const clearReleases = `${remove}
cd "./$PLACE"
for name in $NAMES; do
  [ ! -f "./$name.release" ] || mv -f "./$name.release" "./$name.clearing"
  [ -f "./$name.clearing" ] || continue
  remove "$name"
  rm -f "./$name.clearing"
done
echo cleared
`
