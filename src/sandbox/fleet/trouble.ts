import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The troubles of the shop's scripts, by the script's name (`scheduler-suspend` for `bin/scheduler suspend`),
 * for every instance or for one.
 */
export interface ShopTrouble {
  /** The script ends with this message on stderr and exit code 1, until `clear`. */
  fail(script: string, message: string, instance?: string): void
  /** The script waits, a minute at most, until `clear`. */
  hold(script: string, instance?: string): void
  clear(script: string, instance?: string): void
  /** The scripts that wait at this moment. */
  held(): HeldScript[]
}

export interface HeldScript {
  pid: number
  script: string
  /** `-` where the script is not called for an instance. */
  instance: string
}

export function openTrouble(home: string): ShopTrouble {
  const folder = join(home, 'trouble')
  const heldFolder = join(home, 'held')
  mkdirSync(folder, { recursive: true })
  mkdirSync(heldFolder, { recursive: true })

  const file = (script: string, instance?: string) =>
    join(folder, instance === undefined ? script : `${script}.${instance}`)

  return {
    fail(script, message, instance) {
      writeFileSync(file(script, instance), `fail ${message}\n`)
    },
    hold(script, instance) {
      writeFileSync(file(script, instance), 'hold\n')
    },
    clear(script, instance) {
      rmSync(file(script, instance), { force: true })
    },
    held() {
      return readdirSync(heldFolder).map((pid) => {
        const [script = '', instance = '-'] = readFileSync(join(heldFolder, pid), 'utf8').trim().split(' ')
        return { pid: Number(pid), script, instance }
      })
    },
  }
}
