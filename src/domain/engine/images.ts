import type { Images } from './engine-seen.ts'

/** The end of an image that is named by its content. */
const byDigest = /@sha256:[0-9a-f]{64}$/

/** Returns the digest of an image; null where it is named by a tag alone. */
export const digestOf = (image: string): string | null => byDigest.exec(image)?.[0].slice(1) ?? null

/**
 * True if two sets of images are the same by their digests. Registries and tags in the names do not count: an engine may
 * show the same content under another name.
 */
export function sameImages(some: Images, others: Images): boolean {
  const names = Object.keys(some)
  return (
    names.length === Object.keys(others).length && names.every((name) => sameImage(some[name], others[name]))
  )
}

/** True if an engine wants these images. It may have further containers, which a release leaves alone. */
export const wants = (seen: Images, images: Images): boolean =>
  Object.keys(images).every((name) => sameImage(images[name], seen[name]))

function sameImage(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  const digest = digestOf(one)
  return digest === null ? one === other : digest === digestOf(other)
}

/** Returns images in a few words: `api@sha256:0123456789ab`. */
export const imagesInWords = (images: Images): string =>
  Object.entries(images)
    .map(([name, image]) => namedOnce(name, shortDigest(image)))
    .join(', ') || 'no image'

/** A container that is called like its image is named once. */
const namedOnce = (name: string, image: string): string =>
  image.startsWith(`${name}@`) ? image : `${name} ${image}`

/** Returns an image with twelve characters of its digest, which are enough to tell two apart. */
export const shortDigest = (image: string): string =>
  image.replace(/^(?:.*\/)?(.*@sha256:[0-9a-f]{12})[0-9a-f]*$/, '$1')

/** The images of a release, or the names of those that have no digest once every variable is filled in. */
export type FilledImages =
  | { readonly kind: 'filled'; readonly images: Images }
  | { readonly kind: 'without-digest'; readonly images: Images; readonly names: readonly string[] }

/** Fills the variables into the images of a recipe. A variable that is not there leaves its place empty. */
export function fillImages(
  templates: Images,
  variables: Readonly<Record<string, string | undefined>>,
): FilledImages {
  const images = Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, filled(template, variables)]),
  )
  const names = Object.keys(images).filter((name) => digestOf(images[name] ?? '') === null)
  return names.length === 0 ? { kind: 'filled', images } : { kind: 'without-digest', images, names }
}

const filled = (template: string, variables: Readonly<Record<string, string | undefined>>): string =>
  template.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (_, braced, plain) => variables[braced ?? plain] ?? '',
  )

/** True if an image can have no digest, whatever the variables are. */
export const neverHasDigest = (template: string): boolean =>
  !template.includes('$') && digestOf(template) === null
