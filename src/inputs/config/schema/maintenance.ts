import * as z from 'zod/mini'
import { probe, stepCommand } from './command.ts'
import { distinct } from './names.ts'
import { expected, mapping, oneOf, text } from './shapes.ts'
import { duration, pathInside } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const pagesWords = 'a list of paths, like `maintenance/$ROLLGATE_ENVIRONMENT.html`'
const pages = z
  .array(pathInside('a relative path'), { error: expected(pagesWords) })
  .check(z.minLength(1, { error: () => 'needs a page: add one, or leave `pages` out' }), distinct)
  .register(vocabulary, { words: pagesWords })

/** The page that visitors see in place of the application. */
export const maintenance = mapping('a mapping with `open`, `close` and `shown`', {
  open: required(stepCommand, 'Shows visitors the maintenance page.'),
  close: required(stepCommand, 'Takes the page off.'),
  shown: required(
    probe,
    'Yes while visitors see the page: a command that exits with 0, or an address that answers 200. The page is open, or off, when this says so.',
  ),
  timeout: byDefault(duration, '30s', 'The longest time until `shown` agrees.'),
  pages: key(
    pages,
    'Pages in the release, with variables of `env`. `open` gets the first that is there as `ROLLGATE_MAINTENANCE_PAGE`; the last is for every environment.',
  ),
  when: byDefault(
    oneOf(['always', 'migrate', 'contract']),
    'migrate',
    'The deployments that show it: all, those that migrate, or those whose migration the serving release cannot work with.',
  ),
  'close-after': byDefault(
    oneOf(['migrate', 'services']),
    'services',
    'The step after which visitors see the application again.',
  ),
  lease: byDefault(duration, '1h', 'The longest time of the page before any run may take it off.'),
}).check(
  z.refine(({ shown: { http, run } }) => (http === undefined) !== (run === undefined), {
    path: ['shown'],
    error: () => 'asks nothing, or twice: give either `http` or `run`',
  }),
)

const network = text(
  'an address or a network',
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:[12]?\d|3[0-2]))?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:\/(?:\d{1,2}|1[01]\d|12[0-8]))?)$/,
  'an address or a network, like 203.0.113.7 or 2001:db8::/32',
)

const networksWords = 'a list of addresses and networks'

/** The people who see the application meanwhile. */
export const maintenanceAccess = mapping('a mapping with `allow`', {
  allow: required(
    z
      .array(network, { error: expected(networksWords) })
      .check(distinct)
      .register(vocabulary, { words: networksWords }),
    'Addresses and networks. `open` gets them as `ROLLGATE_MAINTENANCE_ALLOW`.',
  ),
})
