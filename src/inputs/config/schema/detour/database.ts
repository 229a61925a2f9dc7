import * as z from 'zod/mini'
import { hostAddress, port } from '../addresses.ts'
import { command } from '../command.ts'
import { flag, mapping, text } from '../shapes.ts'
import { duration } from '../values.ts'
import { byDefault, key, required } from '../vocabulary.ts'
import { onInstance } from './place.ts'

export const variable = text(
  'the name of a variable',
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'the name of a variable, like DATABASE_URL: its value holds credentials, and stands in no config',
)

const folder = text('an absolute path', /^\/\S*$/)

const server = mapping('a mapping with `data`, `host` and `port`', {
  data: required(folder, 'The data folder, where the server runs.'),
  host: required(hostAddress, 'The address that it listens on.'),
  port: required(port, 'The port that it listens on.'),
  sockets: key(folder, 'The folder of its sockets; default: none.'),
})

const programs = {
  programs: key(folder, 'The folder of `pg_basebackup` and `pg_ctl`; default: found by their names.'),
  on: onInstance,
  'lock-timeout': byDefault(
    duration,
    '2s',
    'The longest wait for the lock that keeps writers out of the side that is copied.',
  ),
  'acknowledge-others': byDefault(
    flag(),
    false,
    'Accepts that databases of others in the same cluster are copied with it.',
  ),
}

const postgres = mapping('a mapping with `home` and `stand-in`', {
  home: required(variable, "The variable with the address of home's database."),
  replication: key(variable, 'The variable with the address that the stand-in follows; default: `home`.'),
  'stand-in': required(server, 'The copy: a standby that follows home until it is cut off.'),
  'home-data': key(folder, "Home's data folder; `revert-by: copy-back` needs it."),
  ...programs,
})

const sqlite = mapping('a mapping with `home` and `stand-in`', {
  home: required(text('a path'), "The file of home's database; `$NAME` is filled in from the variables."),
  'stand-in': required(text('a path'), 'The file of the copy.'),
})

const copyCommands = {
  observe: required(
    command,
    'Prints what is seen of both sides as JSON; a key that is left out is unknown, and null is *none*.',
  ),
  able: key(command, 'Prints what speaks against a detour as JSON; it changes nothing.'),
  open: key(command, 'Makes the copy, and starts it: it follows home, and its engine refuses writes.'),
  fence: key(command, 'Keeps writers out of the side `$ROLLGATE_SIDE`.'),
  unfence: key(command, 'Lets the side `$ROLLGATE_SIDE` take writes.'),
  level: key(command, 'Waits until the stand-in has everything up to `$ROLLGATE_POSITION`.'),
  cut: key(command, 'Ends the following of the stand-in, also after a restart.'),
  rejoin: key(command, 'Has a stand-in that was cut off follow home again.'),
  discard: key(command, 'Removes the copy.'),
  count: key(command, 'Prints the writes on the stand-in as JSON.'),
}

const byCommand = mapping('a mapping with `observe`', {
  ...copyCommands,
  harden: key(command, 'Ends the sessions of applications at home, and the fence there.'),
  close: key(command, 'Ends the detour for the databases, as `$ROLLGATE_CLOSING` says.'),
  'discard-failed-home': key(
    command,
    'Removes the database that failed at home; `observe` then prints `failed-home`: its place, or null.',
  ),
})

interface ByKind {
  readonly postgres?: unknown
  readonly sqlite?: unknown
  readonly command?: unknown
}

const ofOneKind = z.refine<ByKind>(
  ({ postgres, sqlite, command }) =>
    [postgres, sqlite, command].filter((one) => one !== undefined).length === 1,
  {
    error: () => 'is of no kind, or of several: keep one of `postgres`, `sqlite` and `command`',
    when: ({ issues }) => issues.length === 0,
  },
)

const kindsWords = 'a mapping with `postgres`, `sqlite` or `command`'

/** The databases of a detour with a copy, by their kind. */
export const detourDatabase = mapping(kindsWords, {
  postgres: key(postgres, 'PostgreSQL: the stand-in is a standby.'),
  sqlite: key(sqlite, 'A file of SQLite.'),
  command: key(byCommand, 'Anything else, by commands.'),
}).check(ofOneKind)

const pairOfServers = mapping('a mapping with `address`, `home` and `stand-in`', {
  address: required(
    variable,
    'The variable with the credentials and the database of both sides; host and port are those of a side.',
  ),
  replication: key(variable, 'The variable with the credentials of replication; default: `address`.'),
  home: required(server, 'The server of home.'),
  'stand-in': required(server, 'The server of the stand-in.'),
  ...programs,
})

const pairByCommand = mapping('a mapping with `observe`', {
  ...copyCommands,
  clear: key(
    command,
    'Removes what is in the place of the copy on the side `$ROLLGATE_SIDE`, where `$ROLLGATE_EARLIER` names its copy.',
  ),
  mark: key(command, 'Has `count` begin anew: what is written from here on is lost by going back.'),
  leave: key(command, 'Turns away what waits at the fence of the side `$ROLLGATE_SIDE`, and ends the fence.'),
})

/** A database for each side, by its kind. */
export const ownDatabases = mapping(kindsWords, {
  'accept-data-loss': byDefault(
    flag(),
    false,
    'Accepts that going back loses what was written since the switch; default: it is refused, with the count.',
  ),
  postgres: key(pairOfServers, 'PostgreSQL: the side that changes becomes a standby of the other one.'),
  sqlite: key(sqlite, 'A file of SQLite for each side.'),
  command: key(pairByCommand, 'Anything else, by commands.'),
}).check(ofOneKind)

export type OwnDatabasesValue = z.output<typeof ownDatabases>
