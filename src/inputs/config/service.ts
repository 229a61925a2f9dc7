import type { Count } from '../../domain/config/command.ts'
import type { Comparison, RollbackPace, Service, TestBed } from '../../domain/config/service.ts'
import type { RolloutOrder } from '../../domain/rolling/rollout-order.ts'
import { maybeProbe, toLooseCommand, toProbe } from './commands.ts'
import { toFleet } from './fleet.ts'
import type { SlotsValue } from './schema/fleet.ts'
import type { ServiceValue } from './schema/services.ts'
import type { TestBedValue } from './schema/test-bed.ts'
import { toTraffic } from './traffic.ts'
import type { Tree } from './yaml/tree.ts'

/** `written` was read from `tree`, which keeps the order that an object loses. */
export function toService(name: string, written: ServiceValue, tree: Tree | undefined): Service {
  const { rollout, 'health-check': healthCheck, 'self-test': selfTest, 'test-bed': testBed } = written
  return {
    name,
    fleet: toFleet(written.fleet, tree),
    traffic: toTraffic(written.traffic),
    version: maybeProbe(written.version),
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
    testBed: testBed ? toTestBed(testBed) : null,
    rollout: {
      order: toOrder(rollout.order, written.fleet?.slots),
      maxParallel: rollout['max-parallel'] ?? one,
      batches: rollout.batches ?? [],
      ...(rollout['pause-between-batches'] === undefined
        ? {}
        : { pauseBetweenBatches: rollout['pause-between-batches'] }),
      minAvailable: rollout['min-available'] ?? null,
      rollback: toRollback(rollout),
      maxFailures: rollout['max-failures'],
      progressDeadline: rollout['progress-deadline'],
      onFailure: rollout['on-failure'],
      acceptDowntime: rollout['accept-downtime'],
    },
  }
}

const one: Count = { kind: 'number', value: 1 }

/** A key that is left out is the one of the way forward. */
const toRollback = ({ rollback, ...forward }: ServiceValue['rollout']): RollbackPace | null =>
  rollback === undefined
    ? null
    : {
        maxParallel: rollback['max-parallel'] ?? null,
        minAvailable: rollback['min-available'] ?? forward['min-available'] ?? null,
      }

function toOrder(order: ServiceValue['rollout']['order'], slots: SlotsValue | undefined): RolloutOrder {
  return order === 'start-first'
    ? { kind: order, slots: { a: slots?.a ?? {}, b: slots?.b ?? {} } }
    : { kind: order }
}

function toTestBed(written: TestBedValue): TestBed {
  const {
    instances,
    compare,
    'bake-time': bakeTime,
    'warm-up': warmUp,
    on,
    'on-success': onSuccess,
  } = written
  return {
    instances: Array.isArray(instances)
      ? { kind: 'named', names: instances }
      : { kind: 'first', count: instances },
    bakeTime,
    warmUp,
    on,
    onSuccess,
    compare: compare ? toComparison(compare) : null,
  }
}

function toComparison(written: NonNullable<TestBedValue['compare']>): Comparison {
  const { figures, tolerance, readings, run, timeout = 60_000, 'dry-run': dryRun = false } = written
  return {
    figures: maybeProbe(figures),
    tolerance,
    readings,
    watchedOnly: typeof dryRun === 'boolean' ? (dryRun ? 'all' : 'none') : dryRun,
    command: run === undefined ? null : toLooseCommand(run, timeout, written),
  }
}
