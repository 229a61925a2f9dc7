/** A text that was read, and where. */
export interface Source {
  /** Relative to the root of the repository: `.github/rollgate.yml`. */
  readonly path: string
  readonly text: string
  /** The branch or tag it was read from: `main`, `v1.2.0`. */
  readonly commit: string
}

export type Path = readonly (string | number)[]

/** The place of a text: a line and a column, both from 1, and the keys that lead to it in that file. */
export interface TextPlace {
  readonly source: Source
  readonly line: number
  readonly column: number
  readonly path: Path
}

/** `services.web.fleet.local.instances[0]` */
export function showPath(path: Path): string {
  return path.map((part, index) => (index === 0 ? String(part) : showPart(part))).join('')
}

function showPart(part: string | number): string {
  if (typeof part === 'number') return `[${part}]`
  return /^[\w-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`
}
