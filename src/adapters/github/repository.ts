import type { Repository } from '../../pipeline/ports.ts'
import { mayApprove } from './approvers.ts'
import type { GitHub } from './connection.ts'
import { commitsBetween, compare, file } from './contents.ts'
import { environmentRules } from './environment-rules.ts'
import { resolveBranch, resolveTag, tags } from './references.ts'
import { approvals, runState } from './runs.ts'
import { tree } from './trees.ts'

export const gitHubRepository = (github: GitHub): Repository => ({
  resolveTag: (tag) => resolveTag(github, tag),
  tags: (most) => tags(github, most),
  resolveBranch: (name) => resolveBranch(github, name),
  file: (path, commit) => file(github, path, commit),
  tree: (commit) => tree(github, commit),
  compare: (base, head) => compare(github, base, head),
  commitsBetween: (base, head) => commitsBetween(github, base, head),
  environmentRules: (environment) => environmentRules(github, environment),
  approvals: (run, environment) => approvals(github, run, environment),
  runState: (run, attempt) => runState(github, run, attempt),
  mayApprove: (login, rule) => mayApprove(github, login, rule.from),
})
