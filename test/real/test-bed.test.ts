import { describe, expect, test } from 'vitest'
import type { Bed, Service } from './bed/bed.ts'
import { aRoll, decide, deploy, deployed, missing, resultOf, underLoad } from './bed/rolling.ts'

const worse = {
  instances: ['web-7'],
  'bake-time': '1s',
  compare: { run: 'echo "$ROLLGATE_TEST_BED against $ROLLGATE_CONTROL"; exit 1' },
}
const service = { rollout: { 'max-parallel': '25%', 'min-available': 8 }, 'test-bed': worse }
const undone = ['stop v1', 'install v1', 'start v1']

/** The other instances, which keep the old release until a decision. */
const others = ({ apps }: Bed) => apps.filter(({ name }) => name !== 'web-7')

describe.skipIf(missing)('a test bed among ten hosts', () => {
  test('it changes alone and is compared; forced on, the others follow, and it is not changed again WX-30 WX-31 WX-32', async () => {
    const { bed, project } = await aRoll(service)
    const asked = await underLoad(bed, 9, () => deploy(project))
    expect(resultOf(asked).pause).toMatchObject({ gate: 'bake', 'reason-code': 'test-bed-worse' })
    expect(asked.main.summary).toContain(
      'web-7 against web-1 web-2 web-3 web-4 web-5 web-6 web-8 web-9 web-10',
    )
    expect(bed.app('web-7').seen()).toEqual(deployed)
    expect(others(bed).flatMap((app) => app.seen())).toEqual([])
    expect(await bed.balancer.up()).toHaveLength(10)

    const on = await underLoad(bed, 8, () => decide(project, asked, 'force-next'))
    expect(on.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(bed.apps.map((app) => app.seen())).toEqual(Array(10).fill(deployed))
  })

  test('taken back, only that one changes WX-33', async () => {
    const { bed, project } = await aRoll(service)
    const asked = await underLoad(bed, 9, () => deploy(project))
    const back = await underLoad(bed, 9, () => decide(project, asked, 'roll-back'))
    expect(back.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
    expect(bed.app('web-7').seen()).toEqual([...deployed, ...undone])
    expect(others(bed).flatMap((app) => app.seen())).toEqual([])
  })
})

describe.skipIf(missing)('hosts from an inventory', () => {
  test('are asked for once, and rolled as if the config had named them', async () => {
    const { bed, project } = await aRoll({ rollout: { 'max-parallel': '25%' } })
    await project.release('v3', listed(bed))
    const rolled = await underLoad(bed, 8, () => deploy(project, 'v3'))
    expect(rolled.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(rolled.main.log).toContain('web: 10 hosts, from its inventory')
    expect(bed.apps.map((app) => app.release())).toEqual(Array(10).fill('v3'))
  })
})

/** The service, with a command in place of its hosts. */
function listed(bed: Bed): Service {
  const { fleet, ...rest } = bed.service({ rollout: { 'max-parallel': '25%' } })
  const { ssh, ...commands } = fleet as { ssh: Record<string, unknown> }
  const { hosts, ...settings } = ssh
  const inventory = `echo '${JSON.stringify(hosts)}'`
  return { ...rest, fleet: { ...commands, ssh: { ...settings, inventory } } }
}
