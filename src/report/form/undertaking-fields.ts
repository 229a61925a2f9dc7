import { type Plan, resets, servicesIn, stepsAside, taskIn } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { overrideIn } from '../../domain/release/override.ts'
import { namedEndIn, restoreStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { Field } from './form-block.ts'

/** The fields of the form that ask for one mode: the word of `do`, its other fields, and its options. */
interface FilledIn {
  readonly do: string
  readonly fields: readonly Typable[]
  readonly options: readonly Typable[]
}

type Typable = readonly [name: string, value: string]

const release = ({ release: { tag } }: Plan): Typable => ['release', tag]

/** A row a mode. The form's own names stand in `inputs/form`; a test reads each row as the form does. */
const asked: { readonly [M in Mode]: (plan: Plan) => FilledIn } = {
  deploy: (plan) => ({
    do: plan.supersedes === null ? 'deploy' : 'roll-forward',
    fields: [release(plan), ...when(plan.older !== null, ['acknowledge', 'older'])],
    options: [
      ...when(plan.baseChange !== null, ['change-base', 'true']),
      ...when(resets(plan), ['reset', 'true']),
      ...chosenBed(plan),
      ...when(stepsAside(plan) && plan.supersedes === null, ['detour', 'true']),
      ...overrides(plan),
    ],
  }),
  rollback: (plan) => ({
    do: 'roll-back',
    fields: [release(plan), ...when(plan.unsafe !== null, ['acknowledge', 'data-loss'])],
    options: freezes(plan),
  }),
  redeploy: (plan) => ({
    do: 'deploy',
    fields: [release(plan)],
    options: [['redeploy', 'true'], ...when(resets(plan), ['reset', 'true']), ...freezes(plan)],
  }),
  restart: (plan) => ({
    do: 'restart',
    fields: [['services', servicesIn(plan).join(' ')]],
    options: freezes(plan),
  }),
  'scheduler-run': (plan) => ({
    do: 'deploy',
    fields: [release(plan)],
    options: [['only', 'scheduler'], ...freezes(plan)],
  }),
  'maintenance-on': (plan) => ({ do: 'maintenance-on', fields: [], options: freezes(plan) }),
  'maintenance-off': (plan) => ({ do: 'maintenance-off', fields: [], options: freezes(plan) }),
  'close-detour': (plan) => ({
    do: 'close-detour',
    fields: when(namedEndIn(plan.steps)?.acknowledged === true, ['acknowledge', 'data-loss']),
    options: [...closed(plan), ...freezes(plan)],
  }),
  'discard-failed-home': (plan) => ({
    do: 'discard-failed-home',
    fields: [],
    options: [...discarded(plan), ...freezes(plan)],
  }),
  task: (plan) => ({ do: 'task', fields: [], options: [['task', taskIn(plan)], ...freezes(plan)] }),
  restore: (plan) => ({
    do: 'restore',
    fields: [],
    options: [...backupNames(plan), ...freezes(plan)],
  }),
  'restore-aside': (plan) => ({
    do: 'restore',
    fields: [],
    options: [...backupNames(plan), ['detour', 'true'], ...freezes(plan)],
  }),
  'complete-migration': (plan) => ({ do: 'complete-migration', fields: [], options: freezes(plan) }),
  build: (plan) => ({ do: 'deploy', fields: [release(plan)], options: [['only', 'build']] }),
}

/** Returns the fields that ask for the undertaking of a plan: for the first time with its confirmation, or once more. */
export function undertakingFields(plan: Plan): Field[] {
  const row = asked[plan.mode](plan)
  const options = row.options.map(([name, value]) => `${name}=${value}`).join('; ')
  const typed: readonly Typable[] = [
    ['do', row.do],
    ['environment', plan.environment.name],
    ...row.fields,
    ...when(plan.guard !== null, ['confirm', plan.guard?.words ?? '']),
    ...when(options !== '', ['options', options]),
  ]
  return typed.map(([name, value]) => ({ kind: 'value', name, value }))
}

/** A page that is looked at later names the backup: the newest one may be another by then. */
const backupNames = ({ steps }: Plan): Typable[] => {
  const restore = restoreStep(steps)
  return restore === null ? [] : [['backup', restore.backup.name]]
}

const discarded = ({ steps }: Plan): Typable[] =>
  steps.flatMap((step): Typable[] => ('failed' in step ? [['detour', step.failed.detour]] : []))

function closed(plan: Plan): Typable[] {
  const end = namedEndIn(plan.steps)
  if (end === null) return []
  return [['detour', end.of], ...when(end.database === 'restored', ['as', 'revert'])]
}

const when = (is: boolean, typed: Typable): Typable[] => (is ? [typed] : [])

const freezes = ({ overridden }: Plan): Typable[] =>
  overridden === null ? [] : [['override-freeze', asOption(overridden.reason)]]

/** The instances that a person chose to try the release out. */
function chosenBed({ steps }: Plan): Typable[] {
  const named = rollSteps(steps).flatMap(({ service: { name, testBed } }) =>
    testBed?.instances.kind === 'chosen' ? testBed.instances.names.map((one) => `${name}/${one}`) : [],
  )
  return named.length === 0 ? [] : [['test-bed', named.join(' ')]]
}

const overrides = (plan: Plan): Typable[] => {
  const proofs = [
    ['override-verified', overrideIn(plan.verification)],
    ['override-rehearsed', overrideIn(plan.rehearsal)],
    ['override-halt', plan.overriddenHalt],
  ] as const
  const given = proofs.flatMap(([name, override]): Typable[] =>
    override === null ? [] : [[name, asOption(override.reason)]],
  )
  return [...freezes(plan), ...given]
}

/** A semicolon divides options, and a field of the form is one line. */
const asOption = (reason: string): string => reason.replaceAll(';', ',').replace(/\s+/g, ' ').trim()
