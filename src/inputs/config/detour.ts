import type { Command } from '../../domain/config/command.ts'
import type { DeclaredService } from '../../domain/config/declared-service.ts'
import type {
  CommandDetour,
  DatabaseRecipe,
  DetourRecipe,
  DetourVerb,
  DoorRecipe,
  Marker,
  MoveOver,
  OwnDatabases,
  PostgresPair,
  SmokeTest,
  SqliteDetour,
  StepAside,
} from '../../domain/config/detour-recipe.ts'
import type { DetourSide } from '../../domain/detour/side.ts'
import { anywhere, toCommand, toLooseCommand } from './commands.ts'
import { toDeclaredService } from './engines/declared-service.ts'
import type { OwnDatabasesValue } from './schema/detour/database.ts'
import type { DoorValue, MarkerValue } from './schema/detour/door.ts'
import type { BlueGreenValue, CloneValue, DetourValue } from './schema/detour.ts'
import { keysAt, nodeAt, type Tree } from './yaml/tree.ts'

/** `tree` is that of the detour: it knows the order of its services. */
export function toDetour(written: DetourValue, tree: Tree | undefined): DetourRecipe {
  if (written.clone !== undefined) return toStepAside(written.clone, nodeAt(tree, ['clone']))
  const moving = written['blue-green']
  if (moving === undefined) throw new Error('the schema lets no other shape through')
  return toMoveOver(moving, nodeAt(tree, ['blue-green']))
}

function toMoveOver(written: BlueGreenValue, tree: Tree | undefined): MoveOver {
  const links = written.links ?? { home: [], 'stand-in': [] }
  const of = (side: DetourSide) => toSmokeTest(written['smoke-test'], links[side])
  const [home, standIn] = [of('home'), of('stand-in')]
  return {
    kind: 'over',
    database: typeof written.database === 'string' ? written.database : toOwn(written.database.own),
    door: toDoor(written.door),
    services: servicesOf(written, tree),
    links,
    smokeTest: home === null || standIn === null ? null : { home, 'stand-in': standIn },
  }
}

function toStepAside(written: CloneValue, tree: Tree | undefined): StepAside {
  const { links } = written
  return {
    kind: 'aside',
    mode: written.mode,
    acceptDataLoss: written['accept-data-loss'],
    when: written.when,
    lasts: written.lasts,
    database: toDatabase(written.database),
    door: toDoor(written.door),
    services: servicesOf(written, tree),
    env: written.env,
    links,
    smokeTest: toSmokeTest(written['smoke-test'], links),
    validateBeforeSwap: written['validate-before-swap'],
    revertBy: written['revert-by'],
  }
}

/** Returns the services of the stand-in, in their declared order. */
function servicesOf({ services }: Pick<CloneValue, 'services'>, tree: Tree | undefined): DeclaredService[] {
  const names = tree === undefined ? Object.keys(services) : keysAt(tree, ['services'])
  return names.flatMap((name) => {
    const service = services[name]
    return service === undefined ? [] : [toDeclaredService(name, service, nodeAt(tree, ['services', name]))]
  })
}

function toSmokeTest(written: BlueGreenValue['smoke-test'], links: readonly string[]): SmokeTest | null {
  if (written === undefined) return null
  const { run, timeout, delay, attempts, interval } = written
  return {
    http: written.links ? links.map((url) => ({ kind: 'http', url, timeout })) : [],
    command: run === undefined ? null : anywhere(toLooseCommand(run, timeout, written), written),
    delay,
    attempts,
    interval,
    onFailure: written['on-failure'],
  }
}

function toDatabase({ postgres, sqlite, command }: CloneValue['database']): DatabaseRecipe {
  if (postgres !== undefined) {
    return {
      kind: 'postgres',
      home: postgres.home,
      replication: postgres.replication ?? null,
      standIn: toPlace(postgres['stand-in']),
      homeData: postgres['home-data'] ?? null,
      programs: postgres.programs ?? null,
      on: postgres.on ?? null,
      lockTimeout: postgres['lock-timeout'],
      acknowledgeOthers: postgres['acknowledge-others'],
    }
  }
  return toFilesOrCommands({ sqlite, command })
}

function toPlace(server: NonNullable<OwnDatabasesValue['postgres']>['home']): PostgresPair['places']['home'] {
  const { data, host, port, sockets = null } = server
  return { data, host, port, sockets }
}

function toFilesOrCommands({
  sqlite,
  command,
}: Pick<OwnDatabasesValue | CloneValue['database'], 'sqlite' | 'command'>): SqliteDetour | CommandDetour {
  if (sqlite !== undefined) return { kind: 'sqlite', home: sqlite.home, standIn: sqlite['stand-in'] }
  if (command === undefined) throw new Error('the schema lets no other kind through')
  const { observe, ...verbs } = command
  const given = Object.entries(verbs).flatMap(([verb, one]): [DetourVerb, Command][] =>
    one === undefined ? [] : [[verb as DetourVerb, toCommand(one)]],
  )
  return { kind: 'command', observe: toCommand(observe), verbs: Object.fromEntries(given) }
}

function toOwn({ postgres, 'accept-data-loss': acceptDataLoss, ...others }: OwnDatabasesValue): OwnDatabases {
  if (postgres === undefined) return { of: toFilesOrCommands(others), acceptDataLoss }
  const of: OwnDatabases['of'] = {
    kind: 'postgres',
    address: postgres.address,
    replication: postgres.replication ?? null,
    places: { home: toPlace(postgres.home), 'stand-in': toPlace(postgres['stand-in']) },
    programs: postgres.programs ?? null,
    on: postgres.on ?? null,
    lockTimeout: postgres['lock-timeout'],
    acknowledgeOthers: postgres['acknowledge-others'],
  }
  return { of, acceptDataLoss }
}

function toDoor({ haproxy, command, kubernetes }: DoorValue): DoorRecipe {
  if (haproxy !== undefined) {
    const { socket, map, key, backends, on = [], marker } = haproxy
    return {
      kind: 'haproxy',
      sockets: typeof socket === 'string' ? [socket] : socket,
      ...{ map, key, backends },
      on: Array.isArray(on) ? on : [on],
      writesKey: haproxy['writes-key'] ?? null,
      marker: toMarker(marker),
    }
  }
  if (kubernetes !== undefined) {
    const { service, namespace, context = null, label, values, marker } = kubernetes
    const mark = marker === undefined ? null : toMarker(marker)
    return { kind: 'kubernetes', service, namespace, context, label, values, marker: mark }
  }
  if (command === undefined) throw new Error('the schema lets no other kind through')
  const { observe, point, writes, marker } = command
  return {
    kind: 'command',
    observe: toCommand(observe),
    point: toCommand(point),
    writes: writes === undefined ? null : { open: toCommand(writes.open), shut: toCommand(writes.shut) },
    marker: marker === undefined ? null : toMarker(marker),
  }
}

const toMarker = ({ addresses, header, values, timeout }: MarkerValue): Marker => ({
  ...{ addresses, header, values, timeout },
})
