import { expect, test } from 'vitest'
import { checkApp } from '../../src/entry/run/app.ts'
import { aPolicy } from '../domain/a-plan.ts'

const check = (named: string | null, app: string | null) =>
  checkApp(aPolicy({ app: named }), { app, config: '.github/rollgate.yml' }, 'shop')

test('an input app that the config does not name is refused F46', () => {
  for (const named of ['shop', null])
    expect(() => check(named, 'other')).toThrow(expect.objectContaining({ code: 'input-invalid' }))
  expect(() => check('till', 'shop')).toThrow(expect.objectContaining({ code: 'input-invalid' }))
})

test('an input app that the config, or the repository, names is a check that passes F46', () => {
  expect(check('till', 'till').app).toBe('till')
  expect(check(null, 'shop').app).toBeNull()
  expect(check(null, null).app).toBeNull()
})
