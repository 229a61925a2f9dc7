import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eventually } from './eventually.ts'
import type { ReleaseFile } from './releases.ts'
import type { Shop, ShopInstance } from './shop.ts'

/** A release of the shop as it stands on disk. */
export interface Checkout {
  folder: string
  tag: string
  sha: string
}

export interface ScriptResult {
  code: number
  stdout: string
  stderr: string
}

/** Writes a release's files to a folder. */
export function checkOut(files: Record<string, ReleaseFile>, { folder, tag, sha }: Checkout): Checkout {
  for (const [path, { content, executable }] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    if (executable) chmodSync(file, 0o755)
  }
  return { folder, tag, sha }
}

/**
 * Runs `bin/<script>` of a checkout as a deployment does, for an instance or for the whole shop. A script
 * that fails is a result; one that was ended by a signal rejects.
 */
export function runScript(
  shop: Shop,
  checkout: Checkout,
  [script, ...args]: readonly [string, ...string[]],
  instance?: ShopInstance,
  /** Words before the command line, when a shell is to run it. */
  shell: readonly string[] = [],
): Promise<ScriptResult> {
  const env = {
    ...shop.env,
    ROLLGATE_RELEASE: checkout.tag,
    ROLLGATE_SHA: checkout.sha,
    ROLLGATE_CHECKOUT: checkout.folder,
    ROLLGATE_ENVIRONMENT: 'sandbox',
    ...(instance && { ...instance.env, ROLLGATE_INSTANCE: instance.name }),
  }
  return new Promise((resolve, reject) => {
    const options = { cwd: checkout.folder, env, timeout: 60_000 }
    const line = [join('bin', script), ...args]
    const [program = '', ...words] = shell.length === 0 ? line : [...shell, line.join(' ')]
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      if (error && child.exitCode === null) reject(error)
      else resolve({ code: child.exitCode ?? 1, stdout, stderr })
    })
  })
}

/** Migrates, then brings the checkout onto every instance and into traffic: how a sandbox gets the release it starts with. */
export async function serveByHand(shop: Shop, checkout: Checkout): Promise<void> {
  await succeed(runScript(shop, checkout, ['migrate']))
  await Promise.all(shop.instances.map((instance) => bringUp(shop, checkout, instance)))
}

/** Installs and starts the release, has it test itself, and waits until the front door sends it traffic. */
export async function bringUp(shop: Shop, checkout: Checkout, instance: ShopInstance): Promise<void> {
  await succeed(runScript(shop, checkout, ['install'], instance))
  await succeed(runScript(shop, checkout, ['start'], instance))
  await eventually(`${instance.name} passes its self test`, async () => (await selfTest(instance)) === 200)
  await eventually(`${instance.name} is in the pool`, () => isInPool(shop, instance))
}

/** The status of the instance's self test; undefined when the instance does not answer. */
export async function selfTest({ url }: ShopInstance): Promise<number | undefined> {
  const response = await fetch(`${url}/self-test`).catch(() => undefined)
  await response?.arrayBuffer()
  return response?.status
}

export function isInPool(shop: Shop, { name }: ShopInstance): boolean {
  return shop.frontDoor.members.some((member) => member.name === name && member.in)
}

async function succeed(running: Promise<ScriptResult>): Promise<void> {
  const { code, stderr } = await running
  if (code !== 0) throw new Error(stderr)
}
