import type { FolderSeen } from '../repository.ts'

/**
 * Returns what a Dockerfile copies from its folder and git does not have, like `target/*.jar`: something else makes it
 * before. A variable is looked up among the defaults of the file, and one without
 * a default is given to the build by something else; a pattern is known by the folder before it.
 */
export function copiedAndAbsent(folder: FolderSeen, text: string): readonly string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split('\n')
  const defaults = new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, value] = /^\s*ARG\s+(\w+)=["']?([^\s"']+)/i.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )
  const asked = new Set(lines.flatMap((line) => /^\s*ARG\s+(\w+)\s*$/i.exec(line)?.[1] ?? []))
  return lines.flatMap(copied).flatMap((source) => {
    const filled = source.replace(variable, (written, name: string) =>
      ofPlatform.test(name) ? 'linux' : (defaults.get(name) ?? written),
    )
    const open = [...filled.matchAll(variable)].some(([, name = '']) => asked.has(name))
    return !open && isThere(folder, filled.replace(/^\.?\//, '')) ? [] : [source]
  })
}

const variable = /\$\{?(\w+)\}?/g

/** The names by which BuildKit says for which processor it builds: tools lay their programs into folders of these names. */
const ofPlatform = /^TARGET(?:PLATFORM|OS|ARCH)$/

/** The sources of a line that copies from the folder: not from another stage, an address or the line itself. */
function copied(line: string): readonly string[] {
  const [, rest = ''] = /^\s*(?:COPY|ADD)\s+(?!\[)(.*)$/i.exec(line) ?? []
  const words = rest.split(/\s+/).filter((word) => word !== '')
  if (words.some((word) => /^--from=|^<</.test(word))) return []
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1)
  return sources.filter((word) => !/^[a-z]+:\/\/|^git@|["']/.test(word))
}

function isThere(folder: FolderSeen, path: string): boolean {
  if (path.includes('$') || /^\.?\/?$/.test(path)) return true
  const pattern = path.search(/[*?[]/)
  const place =
    pattern < 0
      ? path.replace(/\/+$/, '')
      : path
          .slice(0, pattern)
          .replace(/[^/]*$/, '')
          .replace(/\/+$/, '')
  if (place === '')
    return pattern >= 0 && (path.includes('/') || !/\.(?:jar|war|apk|deb|rpm|tgz|tar\.gz|whl)$/.test(path))
  return folder.has(place) || folder.matching(/\//).some((one) => one.startsWith(`${place}/`))
}
