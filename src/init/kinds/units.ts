import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'

const folderOfUnit = /^(?:%h)?(?:\/[\w.@+-]+)+\/?$/

/** Units of systemd that the repository brings: they start the app, from the folder that they name. */
export function units(folder: FolderSeen, build: readonly string[]): Sketch | null {
  const all = folder.matching(/(?:^|\/)[\w@.-]+\.service$/).filter((path) => serves(folder, path))
  const [first] = all
  if (first === undefined) return null
  const setting = (path: string, name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(folder.text(path) ?? '')?.[1]?.trim() ?? ''
  const place = setting(first, 'WorkingDirectory').replace(/\/$/, '')
  const user = all.every((path) => setting(path, 'WantedBy') === 'default.target' || /\/user\//.test(path))
  const known = folderOfUnit.test(place) && !place.includes('..')
  return sketch({
    title: 'systemd',
    because: first,
    running: known
      ? { kind: 'units', units: all.map((path) => path.split('/').at(-1) ?? path), place, user }
      : { kind: 'unknown' },
    build,
    missing: known ? [] : [`${first} has no WorkingDirectory: the folder in which the app lies is missing.`],
  })
}

/**
 * True for a unit that keeps a server running. A template needs an instance's name, which is not known; one that
 * starts containers runs their image, not the files of the release.
 */
function serves(folder: FolderSeen, path: string): boolean {
  const text = folder.text(path) ?? ''
  return (
    !path.includes('@') &&
    /^ExecStart=/m.test(text) &&
    !/^Type=oneshot$/m.test(text) &&
    !/^ExecStart=\S*\b(?:docker|podman|nerdctl)(?:-compose)?\s/m.test(text)
  )
}
