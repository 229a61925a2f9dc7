import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, lean, versions } from './story.ts'

/** A receiver of events that is out of order until it is mended. */
async function aReceiver() {
  const got: { readonly id: string; readonly type: string; readonly token: string | undefined }[] = []
  let status = 503
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { id, type } = JSON.parse(Buffer.concat(parts).toString()) as { id: string; type: string }
    got.push({ id, type, token: request.headers.authorization })
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const mend = () => {
    status = 202
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret`, got, mend }
}

test('two people approve, one withdraws; a receiver is out of order, a command hangs, and nothing is held up SP-04 GH-06', async () => {
  const { url, got, mend } = await aReceiver()
  const approval = { from: ['dora', 'nora', 'rhea'], 'not-self': true, 'at-least': 2 }
  const notify = [
    {
      on: ['started', 'waiting', 'succeeded'],
      http: '$EVENTS',
      secret: { header: 'Authorization', variable: 'EVENTS_TOKEN' },
      timeout: '5s',
    },
    { on: ['succeeded'], run: 'sleep 600', timeout: '1s' },
  ]
  const production = { requires: { approval }, notify }
  const steps = { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } }
  const config = { ...lean, steps, production }
  const stage = await aStory({ instances: 1, reviewers: [], config })
  await stage.policy({ production })
  await stage.release('v1.0.0', { config })
  const options = { env: { ROLLGATE_ENV: `EVENTS=${url}\nEVENTS_TOKEN=Bearer t0ken\n` } }
  const answers = (actor: string, decision: string) =>
    decides(stage, 'v1.0.0', { pause: '1.1', decision }, { actor, options })

  const asked = await deploys(stage, 'v1.0.0', { options })
  expect(asked.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '1.1' } })
  expect(asked.main.summary).toContain('**0 of 2 have approved.**')

  expect((await answers('nora', 'approve')).main.outputs.outcome).toBe('waiting')
  const withdrawn = await answers('nora', 'withdraw')
  expect(withdrawn.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting' } })
  const alone = await answers('rhea', 'approve')
  expect(alone.main.outputs.outcome).toBe('waiting')
  expect(alone.main.summary).toContain('**1 of 2 have approved.**')
  expect([stage.shop.journal(), stage.github.deployments]).toEqual([[], []])

  const begun = await answers('nora', 'approve')
  expect(begun.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(await versions(stage)).toEqual(['v1.0.0'])
  expect(stage.github.deployments[0]?.statuses[0]?.description).toContain(
    'approved by rhea; approved by nora',
  )
  expect(begun.main.log.join('\n')).toContain('was not told to $EVENTS: answered 503')
  expect(begun.main.log.join('\n')).toContain('was not told to sleep 600')
  const log = begun.main.log.filter((line) => !line.startsWith('::add-mask::')).join('\n')
  expect(log).not.toContain('s3cret')
  const left = ((await ledgerOf(stage)).notices ?? []).map(({ point, to }) => `${point} ${to}`)
  expect(left).toContain('succeeded $EVENTS')
  expect(JSON.stringify(await ledgerOf(stage))).not.toContain('s3cret')

  mend()
  const before = got.length
  await does(
    stage,
    { command: 'watch', environment: 'production' },
    { actor: 'github-actions[bot]', options },
  )
  const again = got.slice(before).map(({ id }) => id)
  expect(again.length).toBeGreaterThan(0)
  for (const id of again) expect(got.slice(0, before).map((one) => one.id)).toContain(id)
  expect(new Set(got.map(({ token }) => token))).toEqual(new Set(['Bearer t0ken']))
  expect(((await ledgerOf(stage)).notices ?? []).map(({ to }) => to)).toEqual(['sleep 600'])
})
