import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { canonical } from '../../src/domain/canonical.ts'
import type { Stage } from '../../src/sandbox/stage.ts'
import { type KeptWorld, kept } from '../fixtures/kept.ts'

const ledgerRef = 'refs/rollgate/shop/production'

/**
 * Puts a ledger that 0.1.0 wrote in the place of the stage's own, as the next commit of its ref. The stage has played
 * the same story, so that its instances, runs and records are as the ledger says.
 */
export function plant(stage: Stage, name: string): void {
  const { world, ledger } = kept(name)
  const text = `${JSON.stringify(JSON.parse(moved(stage, world, JSON.stringify(ledger)), sealed), null, 2)}\n`
  const git = (input: string, ...args: string[]) =>
    execFileSync('git', ['--git-dir', stage.github.gitDir, ...args], { encoding: 'utf8', input }).trim()
  const blob = git(text, 'hash-object', '-w', '--stdin')
  const tree = git(`100644 blob ${blob}\tledger.json\n`, 'mktree')
  const identity = ['-c', 'user.name=earlier', '-c', 'user.email=earlier@example.com']
  const commit = git('', ...identity, 'commit-tree', tree, '-p', ledgerRef, '-m', 'as 0.1.0 left it')
  git('', 'update-ref', ledgerRef, commit)
}

/** The output `plan` of a plan job of 0.1.0. */
export function planOf010(stage: Stage, name: string): string {
  const { world, plan } = kept(name)
  if (plan === null) throw new Error(`${name} has no plan`)
  return JSON.stringify(sealed('plan', JSON.parse(moved(stage, world, plan))))
}

/** Replaces the addresses, folders and commits of the sandbox of 0.1.0 by the stage's own. */
function moved(stage: Stage, world: KeptWorld, text: string): string {
  const shaOf = (tag: string) =>
    execFileSync('git', ['--git-dir', stage.github.gitDir, 'rev-parse', `refs/tags/${tag}`], {
      encoding: 'utf8',
    }).trim()
  const places: [string, string][] = [
    [world.frontDoor, stage.shop.frontDoor.url],
    [world.github, stage.github.url],
    [world.folder, stage.folder],
    ...Object.entries(world.tags).map(([tag, sha]): [string, string] => [sha, shaOf(tag)]),
    ...stage.shop.instances.map(({ name, port }): [string, string] => [
      `"PORT":"${world.ports[name]}"`,
      `"PORT":"${port}"`,
    ]),
  ]
  return places.reduce((all, [then, now]) => all.replaceAll(then, now), text)
}

/** A plan that was moved has another digest; it is taken as 0.1.0 takes it. */
function sealed(key: string, value: unknown): unknown {
  if (key !== 'plan' || typeof value !== 'object' || value === null) return value
  const { digest: _, ...content } = value as Record<string, unknown>
  return { ...content, digest: createHash('sha256').update(canonical(content)).digest('hex') }
}
