import { stringify } from 'yaml'
import { type ActionName, inputs, inputsOf, isRequired, outputsOf } from '../../src/inputs/definitions.ts'

/** The face of each command's action. Commands that can leave something open have a `post`. */
const faces: { readonly [Action in ActionName]: { name: string; description: string; closes: boolean } } = {
  look: {
    name: 'Rollgate: look',
    description:
      'The first job of an own workflow: reads the form, shows the plan, the question or the list, and names the job that acts. Changes nothing.',
    closes: false,
  },
  note: {
    name: 'Rollgate: note',
    description:
      'Writes what the form asks for into the ledger: a block, a schedule, or the end of one. Runs no command of a release.',
    closes: false,
  },
  act: {
    name: 'Rollgate: act',
    description:
      'Does what the form asks for, behind the gate: deploys, rolls back, restarts, runs a task, answers, reconciles or rehearses.',
    closes: true,
  },
  plan: {
    name: 'Rollgate: plan',
    description:
      'Shows the plan of a deployment, rollback, restart or task, or the open question of a deployment. Changes nothing.',
    closes: false,
  },
  gate: {
    name: 'Rollgate: gate',
    description:
      'The first step behind the gate: refuses an unapproved deployment, or writes the question. The steps after it depend on its output `go`.',
    closes: true,
  },
  deploy: {
    name: 'Rollgate',
    description:
      'Deploys one immutable release to one environment: planned, approved, rolled out, recorded, and taken back if needed.',
    closes: true,
  },
  rollback: {
    name: 'Rollgate: roll back',
    description: 'Takes an environment back to a release that served it before.',
    closes: true,
  },
  restart: {
    name: 'Rollgate: restart',
    description: 'Restarts the instances of the serving release, batch by batch and without an outage.',
    closes: true,
  },
  task: {
    name: 'Rollgate: run a task',
    description:
      'Runs a task of the serving release by name: planned, approved and recorded like a deployment.',
    closes: true,
  },
  decide: {
    name: 'Rollgate: decide',
    description: 'Takes a decision on the open question of a deployment, and resumes the deployment.',
    closes: true,
  },
  status: {
    name: 'Rollgate: status',
    description:
      'Shows the serving release, the instances and the open questions of every environment. Changes nothing.',
    closes: false,
  },
  reconcile: {
    name: 'Rollgate: reconcile',
    description:
      'Compares every instance with the ledger, and on request brings it back to the serving release.',
    closes: true,
  },
  watch: {
    name: 'Rollgate: watch',
    description:
      'Cleans up after runs that died, and ends expired waits: locks, scheduler leases, test beds and questions.',
    closes: true,
  },
  releases: {
    name: 'Rollgate: releases',
    description:
      'Lists the releases with their state, and where an environment may go or go back to. Changes nothing.',
    closes: false,
  },
  history: {
    name: 'Rollgate: history',
    description:
      'Shows the history of an environment: actor, time, reason and outcome of every request. Changes nothing.',
    closes: false,
  },
  block: {
    name: 'Rollgate: block',
    description: 'Blocks a release in one environment or in all, until the block is removed.',
    closes: false,
  },
  halt: {
    name: 'Rollgate: halt',
    description: 'Halts the deployment under way, or the environment, until a person lifts that.',
    closes: false,
  },
  release: {
    name: 'Rollgate: release',
    description:
      'Makes an immutable release of a commit with green checks: tag, manifest and GitHub Release, with artifacts and their digests.',
    closes: false,
  },
  rehearse: {
    name: 'Rollgate: rehearse',
    description:
      'Reports whether a rollback from the serving release and back may be rehearsed, and whether it was. Changes nothing.',
    closes: false,
  },
  schedule: {
    name: 'Rollgate: schedule',
    description: 'Schedules a deployment with a pinned release and a checked plan, or withdraws one.',
    closes: false,
  },
  dispatch: {
    name: 'Rollgate: dispatch',
    description: 'Reads the schedules: passes due ones to the next job, and marks late ones as missed.',
    closes: false,
  },
  doctor: {
    name: 'Rollgate: doctor',
    description:
      'Asks what only a job can know of GitHub, and keeps the answers with their date. Changes nothing but a probe reference, which it removes.',
    closes: false,
  },
  check: {
    name: 'Rollgate: check',
    description:
      'Checks the config of a checkout, and annotates each mistake at its line. Needs no secret and no token, and runs no command.',
    closes: false,
  },
}

/** The text of an action.yml. `up` leads from its folder to the root of the repository. */
export function actionMetadata(command: ActionName, up: string): string {
  const { name, description, closes } = faces[command]
  const bundle = `${up}dist/index.js`
  const metadata = {
    name,
    description,
    branding: { icon: 'shield', color: 'blue' },
    inputs: {
      ...Object.fromEntries(
        inputsOf(command).map(([input, definition]) => {
          const { leftOut, default: value } = definition
          const wanted = isRequired(definition, command)
          const required = wanted && !mayHaveForm(command)
          const leaving =
            required || leftOut === undefined
              ? ''
              : ` May be left out: ${wanted ? 'the form has it' : leftOut}.`
          const description = `${definition.description}${leaving}`
          return [input, { description, required, ...(value === undefined ? {} : { default: value }) }]
        }),
      ),
      command: {
        description: 'The command of this action; do not change it.',
        required: false,
        default: command,
      },
    },
    outputs: Object.fromEntries(
      outputsOf(command).map(([output, { description }]) => [output, { description }]),
    ),
    runs: { using: 'node24', main: bundle, ...(closes ? { post: bundle } : {}) },
  }
  return `${banner}\n${stringify(metadata, { lineWidth: 0 })}`
}

/** True if a form may stand in the place of all inputs. */
const mayHaveForm = (command: ActionName): boolean =>
  inputsOf(command).some(([name]) => name === 'form') && !isRequired(inputs.form, command)

const banner = '# Made by "npm run generate" from src/inputs/definitions.ts: change it there.'
