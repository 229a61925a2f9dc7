import { stringify } from 'yaml'
import { type CommandName, inputsOf, isRequired, outputsOf } from '../../src/inputs/definitions.ts'

/** What an action of each command says of itself. Only those that can leave something open have a `post`. */
const faces: { readonly [Command in CommandName]: { name: string; description: string; closes: boolean } } = {
  plan: {
    name: 'Rollgate: plan',
    description:
      'Shows what a deployment, a rollback, a restart or a task would do, or what a deployment asks. It changes nothing.',
    closes: false,
  },
  gate: {
    name: 'Rollgate: gate',
    description:
      'The first step behind the gate: refuses what nobody approved, or writes the question. The steps after it hang on its output `go`.',
    closes: true,
  },
  deploy: {
    name: 'Rollgate',
    description:
      'Takes one immutable release to one environment: planned, approved, rolled without an outage, recorded, and taken back when it must be.',
    closes: true,
  },
  rollback: {
    name: 'Rollgate: roll back',
    description: 'Takes an environment back to a release that served it before.',
    closes: true,
  },
  restart: {
    name: 'Rollgate: restart',
    description:
      'Stops and starts the instances of the release that serves, batch by batch and without an outage.',
    closes: true,
  },
  task: {
    name: 'Rollgate: run a task',
    description:
      'Runs a task of the release that serves, by its name: planned, approved and recorded like a deployment.',
    closes: true,
  },
  decide: {
    name: 'Rollgate: decide',
    description: "Takes a person's answer to the question that a deployment waits with, and goes on.",
    closes: true,
  },
  status: {
    name: 'Rollgate: status',
    description:
      'Shows what every environment serves, how its instances are, and what it waits for. It changes nothing.',
    closes: false,
  },
  reconcile: {
    name: 'Rollgate: reconcile',
    description:
      'Holds every instance against what the environment remembers, and on request brings it back to the serving release.',
    closes: true,
  },
  watch: {
    name: 'Rollgate: watch',
    description:
      'Puts right what no run is there for: environments held by runs that are gone, schedulers whose lease is over, test beds and questions whose time is over.',
    closes: true,
  },
  releases: {
    name: 'Rollgate: releases',
    description:
      'Shows what releases there are, what became of each, and where an environment may go or go back to. It changes nothing.',
    closes: false,
  },
  history: {
    name: 'Rollgate: history',
    description:
      'Shows who did what to an environment, when and why, and what came of it. It changes nothing.',
    closes: false,
  },
  block: {
    name: 'Rollgate: block',
    description: 'Keeps a release from an environment, or from all of them, until somebody takes that back.',
    closes: false,
  },
  release: {
    name: 'Rollgate: release',
    description:
      'Makes an immutable release of a commit whose checks are green: tag, manifest and GitHub Release, with its artifacts and their digests.',
    closes: false,
  },
  rehearse: {
    name: 'Rollgate: rehearse',
    description:
      'Says whether an environment may go back from the release that serves and to it again, and whether it has. It changes nothing.',
    closes: false,
  },
  schedule: {
    name: 'Rollgate: schedule',
    description:
      'Writes a deployment down for later, with its release pinned and its plan looked at, or takes that back.',
    closes: false,
  },
  dispatch: {
    name: 'Rollgate: dispatch',
    description:
      'Looks at what is scheduled: hands what is due to the next job, and marks what is too late as missed.',
    closes: false,
  },
}

/** The text of an action.yml. `up` leads from its folder to the root of the repository. */
export function actionMetadata(command: CommandName, up: string): string {
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
          const required = isRequired(definition, command)
          const leaving = required || leftOut === undefined ? '' : ` May be left out: ${leftOut}.`
          const description = `${definition.description}${leaving}`
          return [input, { description, required, ...(value === undefined ? {} : { default: value }) }]
        }),
      ),
      command: { description: 'Which command this is; leave it.', required: false, default: command },
    },
    outputs: Object.fromEntries(
      outputsOf(command).map(([output, { description }]) => [output, { description }]),
    ),
    runs: { using: 'node24', main: bundle, ...(closes ? { post: bundle } : {}) },
  }
  return `${banner}\n${stringify(metadata, { lineWidth: 0 })}`
}

const banner = '# Made by "npm run generate" from src/inputs/definitions.ts: change it there.'
