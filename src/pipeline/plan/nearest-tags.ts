import { distance } from 'fastest-levenshtein'
import { newestFirst } from '../../domain/release/tag-order.ts'

/** The number of tags to name. */
const most = 3

/** Returns the tags whose names differ by a prefix or a few letters, the likeliest first. */
export function nearestTags(name: string, tags: readonly string[]): string[] {
  const far = Math.max(1, Math.floor(name.length / 4))
  const same = bare(name)
  return tags
    .map((tag) => ({ tag, away: bare(tag) === same ? 0 : distance(tag.toLowerCase(), name.toLowerCase()) }))
    .filter(({ away }) => away <= far)
    .sort((one, other) => one.away - other.away || newestFirst(one.tag, other.tag))
    .slice(0, most)
    .map(({ tag }) => tag)
}

/** Drops the parts in which typed tags often differ, as `shop/V1.2.0` and `1.2.0`. */
const bare = (tag: string): string =>
  tag
    .slice(tag.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/^(?:v|release-?|r)(?=\d)/, '')
