import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refuseOutside } from '../../src/adapters/git/outside.ts'
import { scratch } from './real-shell.ts'

test('a working-directory out of the workspace is refused by its words and through a link, and one inside is not F42', () => {
  const [root, other] = [scratch(), scratch()]
  mkdirSync(join(root, 'app'))
  mkdirSync(join(root, '..app'))
  symlinkSync(other, join(root, 'out'))
  symlinkSync(join(root, 'app'), join(root, 'in'))
  for (const inside of ['.', '', 'app', '..app', 'app/../app', 'in', join(root, 'app'), 'missing'])
    expect(() => refuseOutside(root, inside)).not.toThrow()
  for (const outside of ['..', '../..', 'app/../..', other, '/', 'out', 'out/.', 'in/../../..'])
    expect(() => refuseOutside(root, outside)).toThrow(/outside of the workspace/)
})
