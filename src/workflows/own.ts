import { scalar } from './lines.ts'

/** The choices of one repository for its own workflows. */
export interface OwnWorkflow {
  /** The version of Rollgate: a tag like `v0`, or a full commit with its tag in a comment. */
  readonly version: string
  /** The label of the runner that reaches the instances, or several labels. */
  readonly runsOn: string | readonly string[]
  /** The path of the config, if it is not the default one. */
  readonly config?: string
  /** The cron expression of the clock. */
  readonly cron?: string
}

export const defaultConfig = '.github/rollgate.yml'

/** `[self-hosted, production]` */
export const labels = ({ runsOn }: OwnWorkflow): string =>
  typeof runsOn === 'string' ? scalar(runsOn) : `[${runsOn.map((label) => scalar(label, 'flow')).join(', ')}]`

export const action = ({ version }: OwnWorkflow, name: string): string =>
  `uses: rollgate/rollgate/actions/${name}@${version}`

/** The inputs that every step needs where the config has another path. */
export const place = ({ config = defaultConfig }: OwnWorkflow): string[] =>
  config === defaultConfig ? [] : [`config: ${scalar(config)}`]
