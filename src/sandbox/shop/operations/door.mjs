/** Asks the front door, or tells it where visitors go. The marker is that of real answers, on fresh and on kept connections. */
import { Agent, get } from 'node:http'

const { FRONT_DOOR, ROLLGATE_SIDE } = process.env
const [what] = process.argv.slice(2)
const changes = {
  point: { side: ROLLGATE_SIDE },
  open: { writes: 'open' },
  shut: { writes: 'shut' },
}

if (what === 'observe')
  console.log(JSON.stringify({ ...(await (await fetch(`${FRONT_DOOR}/_door`)).json()), ...(await marked()) }))
else await fetch(`${FRONT_DOOR}/_door`, { method: 'POST', body: JSON.stringify(changes[what]) })

/** The side in every answer; nothing where two differ, or one is none. */
async function marked() {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  const sides = []
  for (const agent of [false, kept, kept, false]) sides.push(await side(agent))
  kept.destroy()
  const [first] = sides
  return first !== undefined && sides.every((one) => one === first) ? { marker: first } : {}
}

function side(agent) {
  return new Promise((resolve) => {
    get(`${FRONT_DOOR}/version`, { agent, timeout: 5000 }, (response) => {
      response.resume().on('end', () => resolve(response.headers['x-side']))
    }).on('error', () => resolve(undefined))
  })
}
