/** Images that others make: a variable in their tag is a version of theirs. */
export const ofOthers =
  /(?:^|\/)(?:postgres|postgis|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|kafka|elasticsearch|opensearch|minio|nginx|caddy|traefik|mailpit|mailhog|adminer|grafana|prometheus|envoy|datadog|fluent-bit|xray)[\w-]*$/

/** `ghcr.io/acme/shop:1.2` → `ghcr.io/acme/shop`, also where the tag is a variable. */
export const imageName = (image: string): string =>
  image.replace(/@.*$/, '').replace(/:(?:\$\{?\w.*|[^:/]*)$/, '')

/** True for an image that others make, by its name or by its place. */
export const isOfOthers = (image: string): boolean =>
  ofOthers.test(imageName(image)) || /^public\.ecr\.aws\//.test(image)

/**
 * Returns an image without its tag. A placeholder, which a script replaces, becomes a variable: `__API_IMAGE__` →
 * `$API_IMAGE`. Two placeholders are two images.
 */
export function writtenImage(image: string): string {
  const name = imageName(image)
  if (/^[a-z0-9][\w.-]*(?::\d+)?(?:\/[a-z0-9][\w.-]*)+$/.test(name)) return name
  const letters =
    name
      .toUpperCase()
      .match(/[A-Z0-9]+/g)
      ?.join('_') ?? 'IMAGE'
  return `$${/^\d/.test(letters) ? `IMAGE_${letters}` : letters}`
}

/** True for a variable in the place of an image. */
export const isLeftOpen = (image: string): boolean => image.startsWith('$')
