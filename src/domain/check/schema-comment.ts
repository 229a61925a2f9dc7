import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, foundIn } from './finding.ts'

const comment = /^#\s*(?:yaml-language-server:\s*\$schema\s*=|\$schema\s*[:=])\s*(\S+)/

/** Finds a schema that editors are told to check the config with, and that is not there. A web address is not asked. */
export function schemaFindings(
  path: string,
  text: string,
  { tree }: Pick<CheckoutSeen, 'tree'>,
): CheckFinding[] {
  return text.split('\n').flatMap((line, at) => {
    const [, named = ''] = comment.exec(line) ?? []
    if (named === '' || /^[a-z][\w+.-]*:/i.test(named)) return []
    const file = from(path, named)
    if (file !== null && tree.entries.has(file)) return []
    return [
      foundIn('warning', path, at + 1, {
        what: `Editors look for the schema in ${named}, and git has no ${file ?? 'file there'}.`,
        next: 'Name the address of rollgate.schema.json of the version that you use, or a path from the folder of the config.',
      }),
    ]
  })
}

/** A path from the root, for one that is written from the folder of a file; null where it leaves the repository. */
function from(path: string, named: string): string | null {
  const parts = named.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of named.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '..' && part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
