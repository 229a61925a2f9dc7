import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type ReleaseVariation, shopRelease } from '../../src/sandbox/fleet/releases.ts'
import { type ConfigVariation, shopRecipe } from '../../src/sandbox/shop-config.ts'
import type { Stage } from '../../src/sandbox/stage.ts'

/** The trouble of a release on the engine, until it is mended. */
type EngineTrouble = 'crash' | 'slow' | 'paused'

/** An engine in a folder that speaks through its command alone, and releases of the shop whose `api` is on it. */
export interface CommandEngineBed {
  /** Commits and tags a release. Returns its SHA. */
  release(tag: string, variation?: ReleaseVariation): Promise<string>
  /** Returns the tag of the release that the engine runs, by its digest. */
  runs(): string
  /** True while Rollgate holds its rollout. */
  isHeld(): boolean
  /** Every order that it took, in turn. */
  orders(): readonly string[]
  trouble(kind: EngineTrouble, tag: string): void
  mend(kind: EngineTrouble, tag: string): void
  /** Another author has it roll. */
  rollBy(author: string, tag: string): void
}

/** Two replicas. A rollout is seen rolling once, and settled from the second look on, unless it is in trouble. */
const script = `
cd "$(dirname "$0")" || exit 1
[ -f state ] && . ./state
keep() { printf 'rollout=%s\\nimage=%s\\nlooks=%s\\nby=%s\\n' "$rollout" "$image" "$looks" "$by" > state; }
roll() { rollout=$((rollout + 1)) image=$1 by=$2 looks=0; keep; echo "$1 by $2" >> orders; }
case "$1" in
  state)
    [ -f state ] || exit 0
    looks=$((looks + 1)); keep
    phase=settled updated=2 ready=2 old=0 troubles='[]' name=\${image#*@sha256:}
    if [ "$looks" -lt 2 ] || [ -f "slow-$name" ]; then phase=rolling updated=1 ready=1 old=1; fi
    if [ -f held ]; then phase=held updated=1 ready=1 old=1; fi
    if [ -f "paused-$name" ]; then phase=paused updated=1 ready=1 old=1; fi
    if [ -f "crash-$name" ]; then
      phase=rolling updated=1 ready=0 old=2
      troubles='[{"replica":"api-2","reason":"CrashLoop","message":"exit code 1","lasting":true,"log":["no setting DATABASE_URL"]}]'
    fi
    printf '{"rollout":"%s","image":"%s","phase":"%s","replicas":{"wanted":2,"updated":%s,"ready":%s,"old":%s},"troubles":%s,"changed-by":"%s"}\\n' \\
      "$rollout" "$image" "$phase" "$updated" "$ready" "$old" "$troubles" "$by" ;;
  stop) : > held ;;
  hand-over)
    rm -f held
    [ "$image" = "$ROLLGATE_IMAGE" ] || roll "$ROLLGATE_IMAGE" rollgate
    echo "$rollout" ;;
  roll-by) roll "$2" "$3" ;;
esac
`

const digestOf = (tag: string): string => `sha256:${createHash('sha256').update(tag).digest('hex')}`
const imageOf = (tag: string): string => `registry.example.com/api@${digestOf(tag)}`

/** Starts the engine beside the shop of a stage. It serves nothing yet. */
export function openCommandEngine(stage: Stage, config: ConfigVariation): CommandEngineBed {
  const folder = join(stage.folder, 'engine')
  mkdirSync(folder)
  writeFileSync(join(folder, 'engine'), script)
  const tags: string[] = []
  const tagOf = (text: string): string => tags.find((tag) => text.includes(digestOf(tag))) ?? text
  const mark = (kind: string, tag: string) => join(folder, `${kind}-${digestOf(tag).slice(7)}`)

  function configOf(tag: string): string {
    const steps = { ...config.steps, build: `echo "DIGEST=${digestOf(tag)}" >> "$ROLLGATE_OUTPUT"` }
    const whole = parse(shopRecipe(stage.shop, { ...config, steps }))
    whole.environments.production.env = { ENGINE: folder }
    const by = (word: string) => `sh "$ENGINE/engine" ${word}`
    const api = {
      engine: {
        command: {
          image: 'registry.example.com/api@$DIGEST',
          state: by('state'),
          'hand-over': by('hand-over'),
          stop: by('stop'),
        },
        'min-healthy-time': '0s',
      },
    }
    return stringify({ ...whole, services: { api, ...whole.services } })
  }

  return {
    async release(tag, variation = {}) {
      tags.push(tag)
      const files = { ...shopRelease(variation), '.github/rollgate.yml': configOf(tag) }
      return stage.github.commit('main', files, `Release ${tag}`, { tag })
    },
    runs: () => tagOf(readFileSync(join(folder, 'state'), 'utf8')),
    isHeld: () => existsSync(join(folder, 'held')),
    orders() {
      const file = join(folder, 'orders')
      if (!existsSync(file)) return []
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
      return lines.map((line) => `${tagOf(line)} by ${line.split(' by ')[1]}`)
    },
    trouble: (kind, tag) => writeFileSync(mark(kind, tag), ''),
    mend: (kind, tag) => rmSync(mark(kind, tag)),
    rollBy: (author, tag) =>
      void execFileSync('sh', [join(folder, 'engine'), 'roll-by', imageOf(tag), author]),
  }
}
