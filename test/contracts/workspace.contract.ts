import { describe, expect, test } from 'vitest'
import { absent, found, known } from '../../src/domain/reading.ts'
import type { Workspace } from '../../src/pipeline/ports.ts'

/** Checkouts in the three states, each with git's words about its commits. */
export interface WorkspaceSettings {
  /** Two commits, of which the second is checked out. */
  checkedOut(): { readonly workspace: Workspace; readonly first: string; readonly second: string }
  empty(): Workspace
  /** A workspace whose head cannot be read. */
  unclear(): Workspace
}

const nobodys = '0123456789012345678901234567890123456789'

export function workspaceContract(name: string, { checkedOut, empty, unclear }: WorkspaceSettings): void {
  describe(`the workspace contract, by ${name}`, () => {
    test('the head of a checkout is its commit, and its files are where they are', async () => {
      const { workspace, second } = checkedOut()
      expect(await workspace.head()).toEqual(found(second))
      expect((await workspace.checkout(second)).kind).toBe('found')
    })

    test('another commit has a folder of its own, the same one each time', async () => {
      const { workspace, first, second } = checkedOut()
      const folder = known(await workspace.checkout(first))
      expect(folder).not.toBe(known(await workspace.checkout(second)))
      expect(known(await workspace.checkout(first))).toBe(folder)
    })

    test('a commit that cannot be had is unknown, and no folder F03', async () => {
      const { workspace } = checkedOut()
      const asked = await workspace.checkout(nobodys)
      expect(asked).toMatchObject({ kind: 'unknown', why: { code: 'checkout-unknown' } })
    })

    test('without a checkout head and folder are absent', async () => {
      expect(await empty().head()).toEqual(absent)
      expect(await empty().checkout(nobodys)).toEqual(absent)
    })

    test('a checkout that nobody can tell is unknown F03', async () => {
      for (const reading of [await unclear().head(), await unclear().checkout(nobodys)])
        expect(reading).toMatchObject({ kind: 'unknown', why: { code: 'checkout-unknown' } })
    })
  })
}
