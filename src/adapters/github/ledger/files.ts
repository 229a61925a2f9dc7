import type { Ledger } from '../../../domain/ledger/ledger.ts'
import type { Desired } from '../../../domain/pull/desired.ts'
import { ledgerText } from './text.ts'

/** A file of a commit. */
export interface NamedText {
  readonly file: string
  readonly text: string
}

/** The name of the ledger among the files of its commit. */
export const ledgerFile = 'ledger.json'

/** All files of a ledger's commit: the ledger, and for each instance that pulls what its agent reads. */
export const ledgerFiles = (ledger: Ledger): NamedText[] => [
  { file: ledgerFile, text: ledgerText(ledger) },
  ...ledger.pulled.map((desired) => ({ file: desiredFile(desired), text: desiredText(ledger, desired) })),
]

/** Names of services and instances are plain, so that they are names of files. */
export const desiredFile = ({ service, instance }: Pick<Desired, 'service' | 'instance'>): string =>
  `desired/${service}/${instance}`

/** The version of the file's form: an agent refuses one that it does not know. */
const form = 1

/** A name that needs no quotes. An agent that wants a file of another name finds no digest, and refuses. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._+@~-]*$/

/** One word and its value a line, which a shell reads by itself. The last word says that the file is whole. */
function desiredText({ app, environment }: Pick<Ledger, 'app' | 'environment'>, desired: Desired): string {
  const { service, instance, order, release, manifest, artifacts, restart } = desired
  const lines: [string, string][] = [
    ['form', String(form)],
    ['app', app],
    ['environment', environment],
    ['service', service],
    ['instance', instance],
    ['order', order],
    ['tag', release.tag],
    ['commit', release.sha],
    ['manifest', manifest],
    ...Object.entries(artifacts)
      .filter(([name]) => plainName.test(name))
      .map(([name, sha256]): [string, string] => ['artifact', `${sha256} ${name}`]),
    ['restart', restart ? 'yes' : 'no'],
    ['end', order],
  ]
  return lines.map(([word, value]) => `${word} ${value}\n`).join('')
}
