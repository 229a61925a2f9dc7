/** An object of Kubernetes, of any kind. */
export type AnyObject = Readonly<Record<string, unknown>>

const HIDDEN = '(hidden)'
const LONGEST = 80

/** The fields that the cluster keeps for itself, and the copy of a manifest that kubectl does. */
const ofTheCluster = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
]
const COPY = 'kubectl.kubernetes.io/last-applied-configuration'

/** Returns the fields of an object that say something, by their paths. Nothing that a Secret holds is among the values. */
export function fieldsOf(object: AnyObject): ReadonlyMap<string, string> {
  const { status: _status, metadata, ...rest } = object
  const fields = new Map<string, string>()
  collect(fields, '', { ...rest, metadata: ownMetadata(metadata) })
  return fields
}

function ownMetadata(metadata: unknown): unknown {
  if (!isMapping(metadata)) return metadata
  const own = Object.entries(metadata).filter(([key]) => !ofTheCluster.includes(key))
  const { annotations, ...others } = Object.fromEntries(own)
  if (!isMapping(annotations)) return others
  return {
    ...others,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== COPY)),
  }
}

/** A container of a list goes by its name, so that one that comes first moves no other. */
function collect(into: Map<string, string>, path: string, value: unknown): void {
  if (Array.isArray(value)) {
    const names = value.map((one) => (isMapping(one) && typeof one.name === 'string' ? one.name : null))
    const isNamed = names.every((name) => name !== null) && new Set(names).size === names.length
    for (const [at, one] of value.entries()) collect(into, `${path}[${isNamed ? names[at] : at}]`, one)
  } else if (isMapping(value))
    for (const [key, inner] of Object.entries(value))
      collect(into, path === '' ? key : `${path}.${key}`, inner)
  else into.set(path, JSON.stringify(value) ?? '')
}

/** One line a field that differs. A new object is one line, and so is one that stays as it is: none. */
export function changesBetween(before: AnyObject | null, after: AnyObject): string[] {
  const name = nameOf(after)
  if (before === null) return [`${name}: new`]
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path))
  return paths.map((path) => {
    const hidden = isSecret(after) && !isName(path)
    const there = shown(was.get(path), hidden || isVariable(path))
    return `${name}: ${path}: ${there} → ${shown(is.get(path), hidden)}`
  })
}

const shown = (value: string | undefined, hidden: boolean): string =>
  value === undefined ? 'nothing' : hidden ? HIDDEN : shortened(value)

/** A variable that is there may have been set by hand, and hold a secret; the new one stands in a file of the release. */
const isVariable = (path: string): boolean => /\.env\[[^\]]*\]\.value$/.test(path)

/** The identity of an object in its cluster. */
export const keyOf = (object: AnyObject): string => {
  const { name = '', namespace = '' } = isMapping(object.metadata) ? object.metadata : {}
  const [group] = String(object.apiVersion ?? '').includes('/') ? String(object.apiVersion).split('/') : ['']
  return [group, object.kind, namespace, name].join('/')
}

const nameOf = (object: AnyObject): string =>
  `${object.kind} ${isMapping(object.metadata) ? object.metadata.name : ''}`

const isSecret = ({ kind }: AnyObject): boolean => kind === 'Secret'

/** The parts of a Secret that are none of its content: labels may be shown, data and annotations may not. */
const isName = (path: string): boolean =>
  path === 'type' || path === 'immutable' || path.startsWith('metadata.labels')

const shortened = (value: string): string => (value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`)

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
