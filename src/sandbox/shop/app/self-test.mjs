import { products, schema } from './database.mjs'
import { templateLoaded } from './page.mjs'
import { release } from './release.mjs'

/** Checks every dependency of the release, and reports each. */
export function selfTest() {
  const checks = [
    check('database', () => `${products().length} products`),
    check('schema', expectedSchema),
    check('resources', loadedResources),
  ]
  return { release: release.tag, passed: checks.every((each) => each.passed), checks }
}

function check(name, look) {
  try {
    return { name, passed: true, detail: look() }
  } catch (error) {
    return { name, passed: false, detail: error.message }
  }
}

function expectedSchema() {
  const { version, oldest } = schema()
  if (version < release.schema) throw new Error(`schema ${version}, this release needs ${release.schema}`)
  if (oldest > release.schema)
    throw new Error(`schema ${version} no longer serves a release written for ${release.schema}`)
  return `schema ${version}, written for ${release.schema}`
}

function loadedResources() {
  if (!templateLoaded) throw new Error('page.html is incomplete')
  if (release.quirk === 'self-test-fails') throw new Error('translations are missing')
  return 'page.html'
}
