/** Lays the release beside the earlier ones, then switches `current` over in one rename: there is never half a release. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { instance, required } from './instance.mjs'

const { name, folder, current } = instance()
const tag = required('ROLLGATE_RELEASE')
const target = join(folder, 'releases', tag)
const incoming = `${target}.${process.pid}`
// Going back, the scripts are those of the newer release, and the files those of the older.
const checkout = required('ROLLGATE_CHECKOUT')

mkdirSync(join(folder, 'releases'), { recursive: true })
cpSync(join(checkout, 'app'), incoming, { recursive: true })
writeFileSync(join(incoming, 'release.json'), JSON.stringify(manifest(), null, 2))
rmSync(target, { recursive: true, force: true })
renameSync(incoming, target)
rmSync(`${current}.new`, { force: true })
symlinkSync(join('releases', tag), `${current}.new`)
renameSync(`${current}.new`, current)
console.log(`${tag} installed on ${name}`)

function manifest() {
  return {
    ...JSON.parse(readFileSync(join(checkout, 'app/release.json'), 'utf8')),
    tag,
    sha: required('ROLLGATE_SHA'),
    schema: Number(readFileSync(join(checkout, 'db/schema-version'), 'utf8')),
    previous: previousRelease(),
  }
}

/** The release before this one, even when this one is installed once more. */
function previousRelease() {
  const file = join(current, 'release.json')
  if (!existsSync(file)) return 'none'
  const installed = JSON.parse(readFileSync(file, 'utf8'))
  return installed.tag === tag ? installed.previous : installed.tag
}
