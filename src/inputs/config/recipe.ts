import type { Command, Instance, Probe, Recipe, Service, StepRecipes, Traffic } from '../../domain/config.ts'
import type { CommandValue, ProbeValue } from './schema/command.ts'
import type { RecipeValue } from './schema/file.ts'
import type { ServiceValue } from './schema/services.ts'
import type { StepsValue } from './schema/steps.ts'
import { keysAt, type Tree } from './tree.ts'

/** `tree` is what `written` was read from: it knows the order that an object forgets. */
export function toRecipe(written: RecipeValue, tree: Tree): Recipe {
  const services = written.services ?? {}
  return {
    baseVersion: written.release?.['base-version'] ?? null,
    schema: written.release?.schema ?? null,
    steps: toSteps(written.steps ?? {}),
    services: keysAt(tree, ['services']).flatMap((name) => {
      const service = services[name]
      return service === undefined ? [] : [toService(name, service, tree)]
    }),
  }
}

function toSteps(written: StepsValue): StepRecipes {
  const { build, scheduler, migrate } = written
  return {
    build: build ? { command: toCommand(build), unless: maybeCommand(build.unless) } : null,
    configureBroker: maybeCommand(written['configure-broker']),
    preDeploy: maybeCommand(written['pre-deploy']),
    scheduler: scheduler ? toScheduler(scheduler) : null,
    preConfigure: maybeCommand(written['pre-configure']),
    migrate: migrate
      ? { command: toCommand(migrate), phase: migrate.phase, repeatable: migrate.repeatable }
      : null,
    postConfigure: maybeCommand(written['post-configure']),
    postDeploy: maybeCommand(written['post-deploy']),
  }
}

function toScheduler(written: NonNullable<StepsValue['scheduler']>): StepRecipes['scheduler'] {
  return {
    suspend: toCommand(written.suspend),
    running: maybeCommand(written.running),
    resume: toCommand(written.resume),
    kill: maybeCommand(written.kill),
    deploy: maybeCommand(written.deploy),
    drainTimeout: written['drain-timeout'],
    interval: written.interval,
    zeroReadings: written['zero-readings'],
    onTimeout: written['on-timeout'],
    resumeAfter: written['resume-after'],
    lease: written.lease,
  }
}

function toService(name: string, written: ServiceValue, tree: Tree): Service {
  const { fleet, rollout, 'health-check': healthCheck, 'self-test': selfTest } = written
  return {
    name,
    fleet: {
      kind: 'local',
      instances: toInstances(fleet?.local?.instances ?? [], (path) =>
        keysAt(tree, ['services', name, ...path]),
      ),
      stop: maybeCommand(fleet?.stop),
      install: maybeCommand(fleet?.install),
      start: maybeCommand(fleet?.start),
    },
    traffic: toTraffic(written.traffic),
    version: written.version ? toProbe(written.version) : null,
    healthCheck: healthCheck
      ? {
          probe: toProbe(healthCheck),
          interval: healthCheck.interval,
          minHealthyTime: healthCheck['min-healthy-time'],
          healthyDeadline: healthCheck['healthy-deadline'],
        }
      : null,
    selfTest: selfTest
      ? { probe: toProbe(selfTest), timeout: selfTest.timeout, retries: selfTest.retries }
      : null,
    rollout: {
      maxParallel: rollout['max-parallel'],
      minAvailable: rollout['min-available'] ?? null,
      maxFailures: rollout['max-failures'],
      progressDeadline: rollout['progress-deadline'],
      onFailure: rollout['on-failure'],
      acceptDowntime: rollout['accept-downtime'],
    },
  }
}

type InstancesValue = readonly string[] | Readonly<Record<string, Readonly<Record<string, string>>>>

function toInstances(written: InstancesValue, keys: (path: string[]) => string[]): Instance[] {
  if (isList(written)) return written.map((name) => ({ name, env: {} }))
  return keys(['fleet', 'local', 'instances']).map((name) => ({ name, env: written[name] ?? {} }))
}

function isList(written: InstancesValue): written is readonly string[] {
  return Array.isArray(written)
}

function toTraffic(written: ServiceValue['traffic']): Traffic {
  if (written === 'is-alive') return { kind: 'is-alive' }
  const { leave, enter, serving, timeout } = written.command
  return {
    kind: 'command',
    leave: maybeCommand(leave),
    enter: maybeCommand(enter),
    serving: serving ? toProbe(serving) : null,
    timeout,
  }
}

function toProbe(written: ProbeValue): Probe {
  const { http, run, timeout } = written
  if (http !== undefined) return { kind: 'http', url: http, timeout }
  return {
    kind: 'run',
    command: toCommand({
      run: run ?? '',
      shell: written.shell ?? 'bash',
      env: written.env,
      'working-directory': written['working-directory'] ?? '.',
      timeout,
    }),
  }
}

function maybeCommand(written: CommandValue | undefined): Command | null {
  return written ? toCommand(written) : null
}

function toCommand(written: CommandValue): Command {
  return {
    run: written.run,
    shell: written.shell,
    env: written.env ?? {},
    workingDirectory: written['working-directory'],
    timeout: written.timeout,
  }
}
