import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createCommandEngine } from '../../../src/adapters/engine/command/engine.ts'
import { readState } from '../../../src/adapters/engine/command/state.ts'
import type { CommandEngine } from '../../../src/domain/config/engine-recipe.ts'
import { engineContract } from '../../contracts/engine.contract.ts'
import { command, listener } from '../../contracts/shell.contract.ts'
import { aDigest } from '../../domain/a-plan.ts'
import { realShell } from '../real-shell.ts'

/** An engine in a file: a rollout is seen rolling once, and settled from the second look on. */
const script = `
[ -f state ] && . ./state
case "$1" in
  state)
    [ -f silent ] && { echo 'connection refused' >&2; exit 1; }
    [ -f state ] || exit 0
    looks=$((looks + 1))
    keep
    phase=settled updated=$replicas ready=$replicas old=0 troubles='[]'
    [ "$looks" -lt 2 ] && phase=rolling updated=1 ready=0 old=1
    case "$image" in *bbbb*)
      phase=rolling updated=1 ready=0 old=1
      troubles='[{"replica":"api-2","reason":"CrashLoop","lasting":true,"log":["no database"]}]' ;;
    esac
    [ -f held ] && phase=held updated=1 ready=0 old=1
    printf '{"rollout":"%s","image":"%s","phase":"%s","replicas":{"wanted":%s,"updated":%s,"ready":%s,"old":%s},"troubles":%s,"changed-by":"ci"}\\n' \\
      "$rollout" "$image" "$phase" "$replicas" "$updated" "$ready" "$old" "$troubles" ;;
  hand-over)
    rm -f held
    echo "rolling to $ROLLGATE_IMAGE"
    [ "$image" = "$ROLLGATE_IMAGE" ] || { rollout=$((rollout + 1)) image=$ROLLGATE_IMAGE looks=0; keep; }
    echo "$rollout" ;;
  stop) : > held ;;
  scale)
    replicas=$ROLLGATE_REPLICAS
    keep ;;
  restart)
    rollout=$((rollout + 1)) looks=0
    keep
    echo "$rollout" ;;
esac
`

const keeping = `keep() { printf 'rollout=%s\\nimage=%s\\nlooks=%s\\nreplicas=%s\\n' "$rollout" "$image" "$looks" "$replicas" > state; }\nreplicas=2\n`

const recipe: CommandEngine = {
  kind: 'command',
  images: { api: 'registry/api@$DIGEST' },
  able: null,
  state: command('sh ./engine state'),
  handOver: command('sh ./engine hand-over'),
  restart: command('sh ./engine restart'),
  scale: command('sh ./engine scale'),
  stop: command('sh ./engine stop'),
  reverse: null,
}

function theEngine(change: Partial<CommandEngine> = {}) {
  const { shell, folder } = realShell()
  writeFileSync(join(folder, 'engine'), `${keeping}${script}`)
  return { control: createCommandEngine('api', { ...recipe, ...change }, { shell }), folder }
}

engineContract('commands', async () => {
  const { control, folder } = theEngine()
  return {
    control,
    clock: createClock(),
    variables: {},
    exists: false,
    first: { api: `registry/api@${aDigest('1')}` },
    second: { api: `registry/api@${aDigest('2')}` },
    broken: { api: `registry/api@${aDigest('b')}` },
    commands: null,
    silence: async () => writeFileSync(join(folder, 'silent'), ''),
    patience: 60_000,
  }
})

describe('an engine by commands', () => {
  const watch = listener()
  const order = { images: { api: `registry/api@${aDigest('1')}` }, to: 'new' } as const

  test('is not believed by an exit code: without a named rollout an order has failed', async () => {
    const { control } = theEngine({ handOver: command('true') })
    expect(await control.handOver(order, {}, watch)).toMatchObject({ code: 'engine-unknown' })
  })

  test('shows the failure of a command with its last line', async () => {
    const { control } = theEngine({ handOver: command('echo "forbidden" >&2; exit 4') })
    expect(await control.handOver(order, {}, watch)).toMatchObject({
      code: 'engine-refused',
      what: 'The command `hand-over` of api exited with 4: forbidden.',
    })
  })

  test('goes back by the command for it, where there is one', async () => {
    const { control } = theEngine({ reverse: command('echo "back-$ROLLGATE_IMAGE"') })
    expect(await control.handOver({ ...order, to: 'old' }, {}, watch)).toEqual({
      rollout: `back-registry/api@${aDigest('1')}`,
    })
  })

  test('cannot be changed where `able` says no', async () => {
    const { control } = theEngine({ able: command('echo "wrong cluster" >&2; exit 1') })
    expect(await control.able({}, watch)).toMatchObject({ kind: 'unknown', why: { code: 'engine-refused' } })
  })
})

describe('the JSON of a state', () => {
  const whole = {
    rollout: '7',
    image: `api@${aDigest('1')}`,
    phase: 'settled',
    replicas: { wanted: 1, updated: 1, ready: 1, old: 0 },
  }

  test('is found when it is whole, and absent when nothing was printed', () => {
    expect(readState('api', JSON.stringify(whole))).toMatchObject({
      kind: 'found',
      value: { rollout: '7', noticed: true, wanted: { api: whole.image }, changedBy: { kind: 'absent' } },
    })
    expect(readState('api', ' \n')).toEqual({ kind: 'absent' })
  })

  test.each([
    ['is no JSON', 'deployment "api" successfully rolled out'],
    ['has no replicas', JSON.stringify({ ...whole, replicas: undefined })],
    ['has a phase that is none', JSON.stringify({ ...whole, phase: 'successful' })],
    ['has a key that hides a fact', JSON.stringify({ ...whole, Noticed: false })],
    [
      'has a number of replicas below zero',
      JSON.stringify({ ...whole, replicas: { ...whole.replicas, old: -1 } }),
    ],
    ['names its image twice', JSON.stringify({ ...whole, images: { api: whole.image } })],
    ['names no image', JSON.stringify({ ...whole, image: undefined })],
  ])('is unknown where it %s', (_, text) => {
    expect(readState('api', text)).toMatchObject({ kind: 'unknown', why: { code: 'engine-unknown' } })
  })
})
