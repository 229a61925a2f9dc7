import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** Returns the name of a browser that starts here; null without one. */
export const browser = (): string | null =>
  names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null

/** The width of a page, and the height that a reader sees without much scrolling. */
const [width, height] = [980, 1000]

/** Draws one page into a file, without any request to a network. */
export function picture(program: string, page: string, file: string): void {
  const profile = mkdtempSync(join(tmpdir(), 'rollgate-browser-'))
  // Chromium's sandbox refuses root, as in a container. The page is our own.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const { status, stderr } = spawnSync(
    program,
    [
      '--headless',
      '--disable-gpu',
      '--hide-scrollbars',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      `--user-data-dir=${profile}`,
      `--window-size=${width},${height}`,
      `--screenshot=${resolve(file)}`,
      ...asRoot,
      pathToFileURL(page).href,
    ],
    { encoding: 'utf8', timeout: 120_000 },
  )
  rmSync(profile, { recursive: true, force: true })
  if (status !== 0) throw new Error(`${program} drew no ${file}: ${stderr}`)
}

/** False if the system tells its fonts and none of them has emoji. A system that cannot be asked has what its browser brings. */
export function hasEmoji(): boolean {
  const fonts = spawnSync('fc-list', [':lang=und-zsye'], { encoding: 'utf8' })
  return fonts.status !== 0 || fonts.stdout.trim() !== ''
}
