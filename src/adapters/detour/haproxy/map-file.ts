import type { Shell, Variables } from '../../../pipeline/ports.ts'
import { sayEnding } from '../../ending.ts'
import { DoorTrouble } from './trouble.ts'

/** The file of a map, and the way to it. */
export interface MapFile {
  readonly programs: Shell
  readonly file: string
  readonly variables: Variables
  readonly signal: AbortSignal
}

const FILE_MS = 30_000

export const readMapFile = async (map: MapFile): Promise<ReadonlyMap<string, string>> =>
  valuesIn(await run(map, 'cat "$ROLLGATE_MAP"'))

/** Reads keys and values as HAProxy does: a key, blanks, and the rest of the line. */
const valuesIn = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap((line): [string, string][] => {
      const [, key, value] = /^\s*([^\s#]\S*)\s+(.*?)\s*$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value]]
    }),
  )

/**
 * Replaces one value, in a new file that takes the place of the old one at once; other lines stay as they are. Writes may
 * be waiting meanwhile, and the file may be on another host: it takes two commands.
 */
export async function writeMapFile(map: MapFile, key: string, value: string): Promise<void> {
  const lines = await run(map, 'cat "$ROLLGATE_MAP"')
  if (valuesIn(lines).get(key) === value) return
  const others = lines.filter((line) => line.trim().split(/\s+/)[0] !== key)
  const text = `${[...others, `${key} ${value}`].join('\n')}\n`
  const after = await run(map, replacing(Buffer.byteLength(text)), text)
  const written = valuesIn(after).get(key)
  if (written !== value)
    throw new DoorTrouble(`The file ${map.file} says ${written ?? 'nothing'} for ${key}, not ${value}.`)
}

/**
 * The copy keeps the owner and the mode of the file. A run that is killed while it hands the text over leaves this script
 * with a part of it: only the whole text takes the place of the file. A copy of a run before is taken from under a script
 * of that run which may still be at work.
 */
const replacing = (bytes: number): string => `
rm -f "$ROLLGATE_MAP".rollgate-*
new="$ROLLGATE_MAP.rollgate-$$"
cp -p "$ROLLGATE_MAP" "$new"
cat >"$new"
if [ "$(wc -c <"$new")" -ne ${bytes} ]; then
  rm -f "$new"
  echo 'The new text of the map was cut short, and nothing was changed.' >&2
  exit 1
fi
sync "$new"
mv "$new" "$ROLLGATE_MAP"
cat "$ROLLGATE_MAP"
`

async function run(
  { programs, file, variables, signal }: MapFile,
  script: string,
  input?: string,
): Promise<readonly string[]> {
  const lines: string[] = []
  const finished = await programs.run(
    { run: `set -eu\n${script}`, shell: 'sh', env: {}, workingDirectory: '.', timeout: FILE_MS },
    { ...variables, ROLLGATE_MAP: file },
    {
      signal,
      line: () => {},
      answer: (line) => void lines.push(line),
      ...(input === undefined ? {} : { input }),
    },
  )
  if (finished.kind === 'exited' && finished.code === 0) return lines
  throw new DoorTrouble(
    `The file ${file} of the map could not be used: the command ${sayEnding(finished)}. ${finished.tail.at(-1) ?? ''}`.trim(),
  )
}
