import { text } from '../shapes.ts'

/** The name of an object of Kubernetes. */
export const objectName = text(
  'a name of Kubernetes: lower-case letters, digits and `-`',
  /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
)

/** The name of a context of a kubeconfig. */
export const contextName = text('the name of a context', /^[^\s-]\S*$/)
