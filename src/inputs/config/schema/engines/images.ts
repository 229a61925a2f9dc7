import * as z from 'zod/mini'
import { name } from '../names.ts'
import { named, text } from '../shapes.ts'
import { key } from '../vocabulary.ts'

const imageWords = 'an image like `ghcr.io/acme/api@$DIGEST`'

/** An image by its digest; variables are filled in before it is handed over. */
export const image = text(imageWords, /^\S+$/)

/** The keys by which a service names its images. */
export const imageKeys = {
  image: key(
    image,
    'The image, by digest; `$NAME` is an output of the build, a variable of the environment or one of the job.',
  ),
  images: key(
    named('a mapping of containers to images', name, image),
    'The images by the names of their containers, where there are several; in place of `image`.',
  ),
}

/** Exactly one of the two keys says what runs. */
export const namesImages = z.refine<{ image?: unknown; images?: unknown }>(
  ({ image, images }) => (image === undefined) !== (images === undefined),
  {
    error: ({ input }) =>
      (input as { image?: unknown }).image === undefined
        ? 'names no image: add `image`, or `images` by container'
        : 'names its images twice: keep `image` or `images`',
    when: ({ issues }) => issues.length === 0,
  },
)
