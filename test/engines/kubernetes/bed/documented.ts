import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const page = readFileSync(new URL('../../../../docs/engines-kubernetes.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

/** The namespace that the page writes, where a test has its own. */
const inNamespace = (text: string, namespace: string): string =>
  text.replaceAll('-n shop ', `-n ${namespace} `).replaceAll('namespace: shop', `namespace: ${namespace}`)

/** Returns the Role of the page. */
export const documentedRole = (namespace: string): object =>
  parse(inNamespace(blocks.find((text) => text.includes('kind: Role')) ?? '', namespace))

/** Gives the documented Role to the deployer. */
export const bindingFor = (namespace: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'rollgate', namespace },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'rollgate' },
  subjects: [{ kind: 'User', name: 'deployer', apiGroup: 'rbac.authorization.k8s.io' }],
})

/** Returns the settings of the scheduler that the page shows. */
export const documentedScheduler = (namespace: string): object =>
  parse(inNamespace(blocks[0] ?? '', namespace)).steps.scheduler
