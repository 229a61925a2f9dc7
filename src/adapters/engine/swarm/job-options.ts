import * as z from 'zod/mini'
import type { EngineJob, Variables } from '../../../pipeline/ports.ts'
import type { SwarmTemplate } from './service-shape.ts'

/** The label of the services that are jobs, with the name of the service whose settings they have. */
export const JOB_LABEL = 'rollgate.job-of'

const file = z.object({ File: z.optional(z.object({ Name: z.string() })) })

const settings = z.object({
  Env: z.nullish(z.array(z.string())),
  User: z.optional(z.string()),
  Dir: z.optional(z.string()),
  Mounts: z.nullish(
    z.array(
      z.object({
        Type: z.string(),
        Source: z.optional(z.string()),
        Target: z.string(),
        ReadOnly: z.optional(z.boolean()),
      }),
    ),
  ),
  Secrets: z.nullish(z.array(z.extend(file, { SecretName: z.string() }))),
  Configs: z.nullish(z.array(z.extend(file, { ConfigName: z.string() }))),
})

const place = z.object({
  Networks: z.nullish(z.array(z.object({ Target: z.string() }))),
  Placement: z.optional(z.object({ Constraints: z.nullish(z.array(z.string())) })),
})

/** The options of `docker service create` for a job, and the values that it is to have. */
export interface SwarmJobOptions {
  readonly options: readonly string[]
  /** The environment of the call: values of `--env NAME` are taken from there, and stand in no list of processes. */
  readonly values: Variables
}

/** Returns the options that give a job the settings, secrets and networks of its service; null where they cannot be read. */
export function jobOptions(
  template: SwarmTemplate,
  job: EngineJob,
  variables: Variables,
): SwarmJobOptions | null {
  const container = z.safeParse(settings, template.ContainerSpec)
  const around = z.safeParse(place, template)
  if (!container.success || !around.success) return null
  const { User, Dir, Mounts, Secrets, Configs } = container.data
  const directory = job.command.workingDirectory === '.' ? Dir : job.command.workingDirectory
  const env = envOf(container.data.Env ?? [], { ...job.command.env, ...variables })
  return {
    options: [
      ...option('user', User ? [User] : []),
      ...option('workdir', directory ? [directory] : []),
      ...option(
        'network',
        (around.data.Networks ?? []).map(({ Target }) => Target),
      ),
      ...option('constraint', around.data.Placement?.Constraints ?? []),
      ...option('mount', (Mounts ?? []).map(mountOf)),
      ...option(
        'secret',
        (Secrets ?? []).map(({ SecretName, File }) => fileOf(SecretName, File?.Name)),
      ),
      ...option(
        'config',
        (Configs ?? []).map(({ ConfigName, File }) => fileOf(ConfigName, File?.Name)),
      ),
      ...option('env', env.words),
    ],
    values: env.values,
  }
}

const option = (name: string, values: readonly string[]): readonly string[] =>
  values.flatMap((value) => [`--${name}`, value])

const mountOf = (mount: {
  Type: string
  Source?: string | undefined
  Target: string
  ReadOnly?: boolean | undefined
}): string =>
  [
    `type=${mount.Type}`,
    ...(mount.Source ? [`source=${mount.Source}`] : []),
    `target=${mount.Target}`,
    ...(mount.ReadOnly ? ['readonly'] : []),
  ].join(',')

const fileOf = (source: string, target: string | undefined): string =>
  target === undefined ? `source=${source}` : `source=${source},target=${target}`

/** Names that the Docker CLI itself reads: their values are given as words, or it would take them for its own. */
const ofTheCaller = /^(?:PATH|HOME|DOCKER_.*|LD_.*|GO.*|.*_PROXY|.*_proxy|SSH_.*|ROLLGATE_WORD_.*)$/

function envOf(own: readonly string[], given: Variables): { words: readonly string[]; values: Variables } {
  const kept = own.map(pairOf).filter(([name]) => !Object.hasOwn(given, name))
  const all = [...kept, ...Object.entries(given)]
  return {
    words: all.map(([name, value]) => (ofTheCaller.test(name) ? `${name}=${value}` : name)),
    values: Object.fromEntries(all.filter(([name]) => !ofTheCaller.test(name))),
  }
}

function pairOf(entry: string): readonly [string, string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}
