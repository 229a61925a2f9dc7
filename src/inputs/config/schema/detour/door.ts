import * as z from 'zod/mini'
import { listed } from '../../wording.ts'
import { sockets } from '../addresses.ts'
import { command } from '../command.ts'
import { contextName, objectName } from '../engines/object-names.ts'
import { distinct } from '../names.ts'
import { expected, mapping, text } from '../shapes.ts'
import { duration, probeAddress } from '../values.ts'
import { byDefault, key, required, vocabulary } from '../vocabulary.ts'
import { onInstances } from './place.ts'

const bySide = (of: string, pattern?: RegExp) =>
  mapping('a mapping with `home` and `stand-in`', {
    home: byDefault(text(of, pattern), 'home', 'That of home.'),
    'stand-in': byDefault(text(of, pattern), 'stand-in', 'That of the stand-in.'),
  })

const addressesWords = 'a list of addresses'

const marker = mapping('a mapping with `addresses` and `header`', {
  addresses: required(
    z
      .array(probeAddress, { error: expected(addressesWords) })
      .check(z.minLength(1, { error: () => 'names no frontend: add an address of each' }), distinct)
      .register(vocabulary, { words: addressesWords }),
    'An address of every frontend, as visitors reach it.',
  ),
  header: required(
    text('the name of a header', /^[A-Za-z0-9-]+$/),
    'The header of its answers that tells the side.',
  ),
  values: byDefault(bySide('a text'), {}, 'The value of each side.'),
  timeout: byDefault(duration, '2s', 'The longest wait for an answer.'),
})

const haproxy = mapping('a mapping with `socket`, `map`, `backends` and `marker`', {
  socket: required(sockets, 'The address of the runtime API, at level admin; a list for several balancers.'),
  map: required(
    text('the path of a map', /^\S+$/),
    'The map as HAProxy names it, which is the path of its file.',
  ),
  key: byDefault(
    text('a key of the map', /^\S+$/),
    'side',
    'The key whose value is the backend that serves.',
  ),
  'writes-key': key(
    text('a key of the map', /^\S+$/),
    "The key whose value is `open` or `shut` for visitors' writes; default: it does not tell writes from reads.",
  ),
  backends: required(bySide('the name of a backend'), 'The backend of each side.'),
  on: onInstances,
  marker: required(marker, 'The mark in answers by which their side is known.'),
})

const byCommand = mapping('a mapping with `observe` and `point`', {
  observe: required(command, 'Prints what is seen of the door as JSON.'),
  point: required(command, 'Sends visitors to the side `$ROLLGATE_SIDE`.'),
  writes: key(
    mapping('a mapping with `open` and `shut`', {
      open: required(command, "Lets visitors' writes through."),
      shut: required(command, "Shuts visitors' writes, which are told to come again."),
    }),
    'Tells writes from reads; default: the door does not.',
  ),
  marker: key(marker, 'The mark in answers by which their side is known; default: `observe` prints it.'),
})

const kubernetes = mapping('a mapping with `service`, `namespace` and `values`', {
  service: required(objectName, 'The Service whose selector chooses the pods of one side.'),
  namespace: required(objectName, 'The namespace of the Service.'),
  context: key(
    contextName,
    'The context of the kubeconfig that must be the current one. Default: any, as in a cluster of its own.',
  ),
  label: byDefault(
    text('the key of a label', /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/),
    'side',
    'The label of pods whose value tells their side.',
  ),
  values: byDefault(
    bySide('the value of a label', /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/),
    {},
    'The value of the label on each side.',
  ),
  marker: key(
    marker,
    'The mark in answers by which their side is known; default: the endpoints of the Service alone tell it.',
  ),
}).check(
  z.refine(({ values }) => values.home !== values['stand-in'], {
    path: ['values'],
    error: () => 'is the same on both sides, so that the Service could not tell them apart',
    when: ({ issues }) => issues.length === 0,
  }),
)

const kinds = {
  haproxy: key(haproxy, 'HAProxy: a map decides between two backends.'),
  kubernetes: key(kubernetes, 'A Service of Kubernetes, whose selector chooses one side.'),
  command: key(byCommand, 'Anything else, by commands.'),
}

const names = Object.keys(kinds)

/** The door of a detour, by its kind. */
export const door = mapping(`a mapping with ${listed(names)}`, kinds).check(
  z.refine<Readonly<Record<string, unknown>>>(
    (written) => names.filter((name) => written[name] !== undefined).length === 1,
    {
      error: () => `is of no kind, or of several: keep one of ${listed(names)}`,
      when: ({ issues }) => issues.length === 0,
    },
  ),
)

export type DoorValue = z.output<typeof door>

export type MarkerValue = z.output<typeof marker>
