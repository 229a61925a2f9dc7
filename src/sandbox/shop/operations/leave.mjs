/** Takes the instance out of traffic: it says so itself, then the front door is watched until nothing is in flight there. */
import { ask } from './ask.mjs'
import { instance, required } from './instance.mjs'
import { until } from './until.mjs'

const LEAVE_MS = 30_000
const { name } = instance()
let seen

await ask(`http://127.0.0.1:${required('PORT')}/drain`, 'POST')
if (!(await until(isOut, LEAVE_MS))) {
  console.error(`${name} did not leave the pool within ${LEAVE_MS / 1000} s: ${seen}`)
  process.exit(1)
}
console.log(`${name} is out of the pool`)

async function isOut() {
  const answer = await ask(`${required('FRONT_DOOR')}/_pool/${name}`)
  if (answer === undefined) throw new Error('The front door does not answer')
  seen = answer.body
  return seen === 'out inflight=0'
}
