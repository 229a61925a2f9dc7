/** The words of programs and shells in the C locale about a failed write, and the same for a person. */
const causes: readonly (readonly [said: RegExp, inWords: string])[] = [
  [/No space left on device/, 'no space left'],
  [/Disk quota exceeded/, 'the disk quota is used up'],
  [/Read-only file system/, 'the file system is read-only'],
  [/Permission denied|Operation not permitted/, 'the login may not write there'],
  [/File too large/, 'a limit on the size of files is in force'],
  [/No such file|Not a directory|[Dd]irectory nonexistent|nonexistent directory/, 'the folder is not there'],
  [/Input\/output error|Stale file handle/, 'the disk has errors'],
  [/I\/O error/, 'the disk is full or has errors'],
  [
    /Too many open files|Cannot allocate memory|Cannot fork/,
    'the host has run out of processes, memory or open files',
  ],
]

/** Returns the cause and the place of a failed write, as the end of a sentence: `no space left (/tmp)`. */
export const whyUnwritten = (lines: readonly string[]): string =>
  causeOf(lines) ?? lines.findLast((line) => line.trim() !== '')?.trim() ?? 'it did not say why'

/** The same, or null where no line says it in words that are known. `place`: where it was to be written. */
export function causeOf(lines: readonly string[], place: string | null = null): string | null {
  for (const line of lines.toReversed()) {
    const words = causes.find(([said]) => said.test(line))?.[1]
    if (words === undefined) continue
    const where = place ?? folderIn(line)
    return where === null ? words : `${words} (${where})`
  }
  return null
}

/** Matches the folder for temporary files in a line, as the driver's own folder, or a path in it. */
function folderIn(line: string): string | null {
  return /(\/[^'"`‘’]*?)\/rollgate\.\w{6}/.exec(line)?.[1] ?? null
}
