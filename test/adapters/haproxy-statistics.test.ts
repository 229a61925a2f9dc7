import { expect, test } from 'vitest'
import {
  isSeenUp,
  isUp,
  readStatistics,
  type ServerStatistics,
  statusInWords,
} from '../../src/adapters/haproxy/statistics.ts'

const said = (status: string, check = '', finding = ''): ServerStatistics => ({
  status,
  check,
  finding,
  sessions: 0,
})

test('columns are found by their names, in whatever order a version has them', () => {
  const csv = `# svname,new_column,pxname,scur,qcur,status,check_status,check_code,last_chk,
web-1,7,web,3,2,UP,* L7OK,200,"OK, said ""hello""",
web-2,7,web,0,0,MAINT (via web/web-1),,,,
`
  expect([...readStatistics(csv)]).toEqual([
    ['web-1', { status: 'UP', check: 'L7OK', finding: '200 OK, said "hello"', sessions: 5 }],
    ['web-2', { status: 'MAINT (via web/web-1)', check: '', finding: '', sessions: 0 }],
  ])
})

test.each(['UP', 'UP 1/3', 'no check'])('%s gets requests', (status) => {
  expect(isUp(said(status))).toBe(true)
})

test.each(['DOWN', 'DOWN 1/2', 'DRAIN', 'MAINT', 'MAINT (resolution)', 'NOLB', 'NOLB 1/2', ''])(
  '%s gets none',
  (status) => {
    expect(isUp(said(status))).toBe(false)
  },
)

test('one that comes out of maintenance is let in on trust, and is seen up when a check has passed', () => {
  expect(isUp(said('UP 1/3', 'L7OK'))).toBe(true)
  expect(isSeenUp(said('UP 1/3', 'L7OK'))).toBe(false)
  expect(isSeenUp(said('UP', 'L4CON'))).toBe(false)
  expect(isSeenUp(said('UP', 'L7STS'))).toBe(false)
  expect(isSeenUp(said('UP', 'L7OK'))).toBe(true)
  expect(isSeenUp(said('UP', 'L4OK'))).toBe(true)
  expect(isSeenUp(said('UP', 'L7OKC'))).toBe(true)
  expect(isSeenUp(said('no check'))).toBe(true)
})

test('a status is told with what its last check found', () => {
  expect(statusInWords(said('DOWN', 'L7STS', '503 Service Unavailable'))).toBe(
    'DOWN (L7STS: 503 Service Unavailable)',
  )
  expect(statusInWords(said('MAINT'))).toBe('MAINT')
})
