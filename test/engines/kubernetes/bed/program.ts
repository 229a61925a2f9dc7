import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Returns the path of Kubernetes as one program. It is built when it is not there yet: minutes, once a version. */
export function builtKubernetes(): string {
  const build = join(import.meta.dirname, '..', 'cluster', 'build')
  const said = execFileSync(build, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return said.trim().split('\n').at(-1) ?? ''
}
