import { readFileSync } from 'node:fs'
import { products } from './database.mjs'
import { release, served } from './release.mjs'

const template = readFileSync(new URL('page.html', import.meta.url), 'utf8')

/** True if the template came with the release and has a place for everything the page shows. */
export const templateLoaded = ['{{greeting}}', '{{products}}', '{{release}}'].every((place) =>
  template.includes(place),
)

export function page() {
  const items = products().map((name) => `<li>${name}</li>`)
  return template
    .replace('{{greeting}}', release.greeting)
    .replace('{{products}}', items.join('\n    '))
    .replace('{{release}}', served)
}
