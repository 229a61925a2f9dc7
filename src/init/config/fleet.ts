import type { ScriptWord } from '../script/words.ts'
import { type ConfigParts, incoming, onPlace } from './parts.ts'
import { block, indented, inline } from './yaml.ts'

/** The commands of one instance, on the runner's machine or on a host. */
export function fleetCommands(parts: ConfigParts): string[] {
  const { script } = parts
  const has = (word: ScriptWord): boolean => script.words.has(word)
  return parts.answers.where.kind === 'runner'
    ? [
        ...(has('stop') ? [`stop: ${inline({ run: onPlace(parts, 'stop'), timeout: '2m' })}`] : []),
        `install: ${inline({ run: onPlace(parts, 'install'), timeout: '30m' })}`,
        ...(has('start') ? [`start: ${inline({ run: onPlace(parts, 'start'), timeout: '5m' })}`] : []),
      ]
    : onHosts(parts, has)
}

function onHosts(parts: ConfigParts, has: (word: ScriptWord) => boolean): string[] {
  const { answers, made, scriptPath } = parts
  const user = answers.where.kind === 'ssh' ? answers.where.user : null
  const place = incoming(made)
  const ssh = [
    ...(user === null
      ? ["# user: deploy # the login on the hosts; default: from ssh's settings"]
      : [`user: ${inline(user)}`]),
    'upload: build/rollgate.tar.gz',
    ...(made.variables.length === 0
      ? [
          '# send-env: [DATABASE_URL] # variables of the secret ROLLGATE_ENV that commands on the hosts see too',
        ]
      : [
          `send-env: ${inline(made.variables)} # variables of the secret ROLLGATE_ENV that commands on the hosts see too`,
        ]),
  ]
  return [
    'ssh:',
    ...indented(1, ssh),
    ...(has('stop')
      ? block('stop', [`script="${place}/${scriptPath}"`, 'if test -x "$script"; then "$script" stop; fi'])
      : []),
    ...block('install', [
      `place="${place}"`,
      'rm -rf "$place" && mkdir -p "$place"',
      'tar -xzf "$ROLLGATE_ARTIFACT" -C "$place"',
      `ROLLGATE_CHECKOUT="$place" "$place/${scriptPath}" install`,
    ]),
    ...(has('start') ? [`start: ${inline(onPlace(parts, 'start'))}`] : []),
  ]
}
