import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** The real path of a file: every link on it is followed. */
export type Followed =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'missing' }
  /** The path leads out of the checkout, or into git's own folder, whose settings may hold a token. */
  | { readonly kind: 'outside' }

/** Follows a path of a checkout: a file that is published or sent to hosts must be inside the checkout. */
export function follow(folder: string, path: string): Followed {
  try {
    const real = realpathSync(resolve(folder, path))
    if (!liesWithin(realpathSync(checkoutOf(folder)), real)) return { kind: 'outside' }
    return statSync(real).isFile() ? { kind: 'file', path: real } : { kind: 'missing' }
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException
    // A link that leads nowhere, or round in a circle.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { kind: 'missing' }
    throw failure
  }
}

/** Returns the nearest folder above with `.git`, or the folder itself without one. */
function checkoutOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return folder
  }
}

function liesWithin(checkout: string, real: string): boolean {
  const [first, ...rest] = relative(checkout, real).split(sep)
  return (
    first !== '..' &&
    first !== '.git' &&
    !rest.includes('.git') &&
    resolve(checkout, relative(checkout, real)) === real
  )
}
