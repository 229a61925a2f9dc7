import { expect, test } from 'vitest'
import { runnerCommands } from '../../src/domain/config/runner-commands.ts'
import type { Step } from '../../src/domain/step/step.ts'
import { aLedgerServing, aPlan, older } from '../domain/a-plan.ts'
import { readBoth } from './config.fixture.ts'

const hooks = ['configure-broker', 'pre-configure', 'post-configure', 'post-deploy'] as const
const written = 'echo "$HOME"; test -e x && false | cat'

/** The steps of a plan whose config has these lines. */
function stepsOf(lines: string): readonly Step[] {
  const { recipe } = readBoth(
    `version: 1
environments: { staging: { class: staging } }
${lines}services: { web: { fleet: { local: { instances: [web-1] }, install: bin/install } } }
`,
    'staging',
  )
  return aPlan({ recipe, ledger: aLedgerServing(older) }).steps
}

test('a hook runs exactly as it is written, in a shell; without one nothing runs in its place SP-09', () => {
  const lines = hooks.map((name) => `  ${name}: '${written}'\n`).join('')
  const commands = stepsOf(`steps:\n${lines}`).flatMap(runnerCommands)
  for (const name of hooks)
    expect(commands.find(({ key }) => key === `steps.${name}`)?.command).toMatchObject({
      run: written,
      shell: 'bash',
    })
  const kinds = stepsOf('').map(({ kind }) => kind as string)
  for (const name of hooks) expect(kinds).not.toContain(name)
})
