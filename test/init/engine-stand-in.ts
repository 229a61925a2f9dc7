import { parse, stringify } from 'yaml'

interface WrittenService {
  readonly engine?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
interface Written {
  readonly environments: Readonly<Record<string, object>>
  readonly services: Readonly<Record<string, WrittenService>>
}

/** The engines of a config, behind two commands that stand in for each of them. Only the images stay as they are written. */
export function onStandIn(text: string): string {
  const config = parse(text) as Written
  const kinds = ['kubernetes', 'swarm', 'ecs']
  const services = Object.entries(config.services).map(([name, service]) => {
    const written = kinds.map((kind) => service.engine?.[kind]).find((one) => one !== undefined)
    if (written === undefined) return [name, service] as const
    const { image, images } = written
    const command = {
      ...(images === undefined ? { image } : { image: Object.values(images as object)[0] }),
      state: 'engine-state',
      'hand-over': 'engine-hand-over',
    }
    return [name, { engine: { command, 'min-healthy-time': '100ms', deadline: '1m' } }] as const
  })
  const environments = Object.entries(config.environments).map(([name, environment]) => {
    const { services: _places, ...rest } = environment as { services?: unknown }
    return [name, rest] as const
  })
  return stringify({
    ...config,
    environments: Object.fromEntries(environments),
    services: Object.fromEntries(services),
  })
}
