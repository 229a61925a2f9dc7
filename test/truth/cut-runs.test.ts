import { expect, test, vi } from 'vitest'
import { aLife } from './life.ts'
import { scenes } from './scenes.ts'
import { type Told, tell, type Way } from './story.ts'
import { untrue } from './untrue.ts'

vi.setConfig({ testTimeout: 1_200_000 })

const whole = process.env.ROLLGATE_CUTS !== undefined
/** Without `ROLLGATE_CUTS` every nth death is told, always the same ones. */
const every = whole ? 1 : 53
if (!whole)
  console.log(
    `lost runs: every ${every}rd death, and with ROLLGATE_CUTS=1 all 19,000 endings, which take minutes`,
  )

test.each(Object.keys(scenes))(
  '%s: lost at any effect, and every way on from there, ends in the world that is stated F41',
  async (name) => {
    const sceneOf = scenes[name]
    if (sceneOf === undefined) throw new Error(`no scene ${name}`)
    const found: string[] = []
    const went = new Map<string, number>()
    const once = async (
      at: number,
      done: boolean,
      post: boolean,
      way: number,
    ): Promise<[Told | null, number]> => {
      const life = aLife(at, done)
      const scene = sceneOf(life)
      const words = `effect ${at}${done ? ', done' : ''}${post ? ', with post' : ''}`
      try {
        const told = await tell(scene, life, post, way)
        const chosen = told.ways[way]
        if (chosen !== undefined) went.set(chosen, (went.get(chosen) ?? 0) + 1)
        found.push(...(await untrue(scene, told)).map((what) => `${words}, ${chosen}: ${what}`))
        if (!life.hasDied() && at !== Number.POSITIVE_INFINITY) found.push(`${words}: the run outlived it`)
        return [told, life.effects()]
      } catch (thrown) {
        found.push(`${words}, way ${way}: ${thrown instanceof Error ? thrown.stack : thrown}`)
        return [null, life.effects()]
      }
    }
    const [undisturbed, effects] = await once(Number.POSITIVE_INFINITY, false, false, 0)
    expect([undisturbed?.outcome?.kind, found]).toEqual([expect.any(String), []])
    let [turn, deaths] = [0, 0]
    for (let at = 1; at <= effects; at += 1)
      for (const done of [false, true])
        for (const post of [false, true]) {
          turn += 1
          // From the middle on, so that the shortest scene has a death in a sample as well.
          if (turn % every !== every >> 1) continue
          deaths += 1
          for (let way = 0, ways: readonly Way[] = ['again']; way < Math.max(1, ways.length); way += 1) {
            const [told] = await once(at, done, post, way)
            ways = told?.ways ?? ways
          }
        }
    if (whole)
      console.log(
        name,
        effects,
        [...went.values()].reduce((sum, one) => sum + one, 0),
        Object.fromEntries(went),
      )
    expect(found).toEqual([])
    expect(deaths).toBeGreaterThan(0)
  },
)
