import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import type { ImageKind } from '../../images/images.ts'
import type { Probing } from '../../load.ts'
import type { Cluster } from './cluster.ts'
import { type KubernetesShop, openKubernetesShop, serviceOf } from './shop-on-kubernetes.ts'

/** A shop with two sides behind one Service, and a Service of its own before each side. */
interface BehindSides extends KubernetesShop {
  /** Sends a request every 5 ms to the Service of the shop. */
  probe(): Promise<Probing>
  /** The side that the selector of the Service names. */
  chosen(): Promise<string>
}

/** A shop whose releases go to the side that visitors are not on. */
export interface ShopOfSides extends BehindSides {
  /** Tags a release that goes to a side next, whose image is of this kind; a job looks at the Service of that side alone. */
  releaseTo(side: 'blue' | 'green', tag: string, kind: ImageKind, steps?: object): Promise<void>
}

/** A shop whose releases step aside, with a database of SQLite that the runner migrates. */
export interface ShopAside extends BehindSides {
  releaseAside(tag: string, kind: ImageKind): Promise<void>
  /** The columns of the orders at home. */
  columns(): readonly string[]
}

/** Opens a shop whose blue side is there, and whose green side the first deployment to it makes. */
async function openBehindSides(
  cluster: Cluster,
  replicas: number,
  top: Readonly<Record<string, unknown>> = {},
) {
  const labels = { app: 'web', side: 'blue' }
  const shop = await openKubernetesShop(cluster, { replicas, labels }, top)
  const { namespace, kubectl } = shop
  const of = (side: string) => serviceOf(namespace, `web-${side}`, { app: 'web', side })
  await cluster.apply(serviceOf(namespace, 'web', labels), of('blue'), of('green'))
  const address = (name: string) => kubectl('get', 'service', name, '-o', 'jsonpath={.spec.clusterIP}')
  const place = { namespace, context: 'bed' }
  const behind: BehindSides = {
    ...shop,
    probe: async () => cluster.probe(`http://${await address('web')}/`),
    chosen: () => kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.selector.side}'),
  }
  return {
    behind,
    door: { kubernetes: { service: 'web', ...place, values: { home: 'blue', 'stand-in': 'green' } } },
    /** The service of the green side. */
    green: (kind: ImageKind) => ({
      engine: {
        kubernetes: { deployment: 'web-green', ...place, image: cluster.image(kind) },
        ...{ 'min-healthy-time': '1s', deadline: '90s' },
      },
    }),
    smokeTest: async (side: string) => ({
      run: `app get http://${await address(`web-${side}`)}/`,
      shell: 'sh',
      ...{ on: { engine: 'web' }, links: false, delay: '0s', attempts: 1 },
    }),
  }
}

export async function openShopOfSides(cluster: Cluster, replicas = 3): Promise<ShopOfSides> {
  const { behind, door, green, smokeTest } = await openBehindSides(cluster, replicas)
  return {
    ...behind,
    async releaseTo(side, tag, kind, steps = {}) {
      const services = { web: green(kind) }
      const moving = { database: 'none', door, services, 'smoke-test': await smokeTest(side) }
      await behind.release(tag, kind, { steps: { detour: { 'blue-green': moving }, ...steps } })
    },
  }
}

export async function openShopAside(cluster: Cluster, replicas = 3): Promise<ShopAside> {
  const top = { release: { 'read-only': 'supported' } }
  const { behind, door, green, smokeTest } = await openBehindSides(cluster, replicas, top)
  const file = (side: string) => join(tmpdir(), `shop-${id}-${side}.db`)
  const id = randomUUID()
  const [home, copy] = [file('home'), file('copy')]
  const orders = new DatabaseSync(home)
  orders.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY)')
  orders.close()
  onTestFinished(() => {
    for (const one of [home, copy]) rmSync(one, { force: true })
  })
  const migration = `const { DatabaseSync } = require('node:sqlite')
const orders = new DatabaseSync(process.argv[1])
orders.exec('ALTER TABLE orders ADD COLUMN ' + process.env.ROLLGATE_RELEASE + ' INTEGER')`
  return {
    ...behind,
    async releaseAside(tag, kind) {
      const clone = {
        when: 'always',
        database: { sqlite: { home, 'stand-in': copy } },
        ...{ door, services: { web: green(kind) }, env: { DATABASE: 'copy' } },
        'smoke-test': await smokeTest('blue'),
      }
      const migrate = { run: `node -e "$MIGRATION" ${home}`, env: { MIGRATION: migration }, phase: 'expand' }
      await behind.release(tag, kind, { steps: { detour: { clone }, migrate } })
    },
    columns() {
      const database = new DatabaseSync(home, { readOnly: true })
      const found = database.prepare('SELECT name FROM pragma_table_info(?)').all('orders')
      database.close()
      return found.map(({ name }) => String(name))
    },
  }
}
