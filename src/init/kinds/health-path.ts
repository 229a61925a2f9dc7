import type { FolderSeen } from '../repository.ts'

/** Paths that teams give to a health check, as they stand in a route: quoted, and nothing behind them. */
const paths =
  /['"`](?:GET )?(\/(?:api\/)?(?:healthz?|health-?check|health_check|is-alive|livez?|liveness|readyz?|status\/health|ping|_health))\/?['"`]/

/** Files in which the routes of a small app stand. */
const routes = /^(?:src\/|app\/|cmd\/[\w-]+\/)?(?:main|index|server|app)\.(?:js|ts|mjs|cjs|py|go|rb)$/

/** Returns the path of a health check that a route names; null where none is seen. */
export function healthPath(folder: FolderSeen): string | null {
  for (const file of folder.matching(routes)) {
    const [, path] = paths.exec(folder.text(file) ?? '') ?? []
    if (path !== undefined) return path
  }
  return null
}
