import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { bundle } from '../../src/sandbox/runner/runner.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checked-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const config = `version: 1
environments:
  staging: { class: staging, services: { web: { fleet: { local: { instances: [a, b] } } } } }
steps:
  migrate: { run: bin/migrate, phase: expand }
services:
  web: { fleet: { start: bin/start }, traffic: is-alive, version: { run: cat REVISION }, health-check: { run: up } }
`

/** Runs the action as the runner does for a pull request from a fork: without a token and without secrets. */
function checkFork(text: string) {
  const workspace = join(folder, 'checkout')
  mkdirSync(join(workspace, '.github'), { recursive: true })
  mkdirSync(join(workspace, 'bin'))
  writeFileSync(join(workspace, '.github/rollgate.yml'), text)
  for (const script of ['migrate', 'start'])
    writeFileSync(join(workspace, 'bin', script), `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 })
  spawnSync('git', ['init', '--quiet'], { cwd: workspace })
  spawnSync('git', ['add', '--all'], { cwd: workspace })
  for (const name of ['summary', 'output', 'state']) writeFileSync(join(folder, name), '')
  const event = { pull_request: { head: { repo: { full_name: 'mallory/shop' } } } }
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event))
  const { status, stdout } = spawnSync(process.execPath, [bundle], {
    encoding: 'utf8',
    cwd: workspace,
    env: {
      PATH: process.env.PATH,
      INPUT_COMMAND: 'check',
      INPUT_CONFIG: '.github/rollgate.yml',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: '1',
      GITHUB_ACTOR: 'mallory',
      GITHUB_SHA: 'f00d',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_WORKSPACE: workspace,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STATE: join(folder, 'state'),
    },
  })
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return {
    status,
    annotations: stdout.match(/^::(?:error|warning) .*/gm) ?? [],
    page: read('summary'),
    outputs: read('output'),
  }
}

test('a pull request from a fork with mistakes: an annotation at each line, a page, red, and nothing runs', () => {
  const broken = config
    .replace('class: staging', 'class: stage')
    .replace('phase: expand', 'phase: "x\\n::error::owned"')
  const { status, annotations, page, outputs } = checkFork(broken)
  expect(status).toBe(1)
  expect(annotations).toEqual([
    expect.stringMatching(
      /^::error title=rollgate check,file=\.github\/rollgate\.yml,line=3,col=21::environments\.staging\.class: expected/,
    ),
    expect.stringMatching(
      /^::error title=rollgate check,file=\.github\/rollgate\.yml,line=5,col=39::steps\.migrate\.phase: /,
    ),
  ])
  expect(page).toContain(
    '[`.github/rollgate.yml:3`](<https://github.com/acme/shop/blob/f00d/.github/rollgate.yml#L3>)',
  )
  expect(outputs).toMatch(/outcome<<.*\nchecked\n/)
  expect(outputs).toMatch(/reason-code<<.*\nconfig-invalid\n/)
  expect(() => readFileSync(join(folder, 'ran'))).toThrow('ENOENT')
})

test('a pull request from a fork without a mistake: green, with its warnings', () => {
  const { status, annotations } = checkFork(config)
  expect(status).toBe(0)
  expect(annotations.every((line) => line.startsWith('::warning '))).toBe(true)
})
