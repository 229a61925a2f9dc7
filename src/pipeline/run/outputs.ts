import { readOutputs } from '../../domain/config/commands/build-outputs.ts'
import { describeNameInTwo, namesInTwo } from '../../domain/config/commands/variable-sources.ts'
import { outputsOf, sourcesFor } from '../../domain/ledger/outputs.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Ports } from '../ports.ts'
import type { Context } from './context.ts'

/** Runs a build with a file for its outputs, and takes the file away afterwards. */
export async function withOutputs<Done>(
  { outputFiles }: Pick<Ports, 'outputFiles'>,
  build: (file: { readonly path: string; read(): Promise<string> }) => Promise<Done>,
): Promise<Done> {
  const file = await outputFiles.make()
  try {
    return await build(file)
  } finally {
    await file.remove()
  }
}

/**
 * Freezes what a build of the planned release has written, for every later command and every run. Outputs of the manifest,
 * and those that an earlier run has frozen, stay: another build may have made something else. Returns why they cannot be
 * used, or null.
 */
export async function freezeOutputs(context: Context, text: string): Promise<Failure | null> {
  const { plan, session, ports } = context
  const read = readOutputs(text)
  if (read.kind === 'faulty') return unusable(read.faults)
  const written = withoutSecrets(ports, read.outputs)
  const before = outputsOf({ ...session.ledger, serving: null, history: [] }, plan.release)
  if (before !== null) {
    if (Object.keys(written).length > 0) warnOfOthers(ports, before, written)
    return null
  }
  if (Object.keys(written).length === 0) return null
  session.note({ kind: 'outputs-frozen', sha: plan.release.sha, outputs: written })
  // Later commands act on them: a run that lost them would build anew, and act on others.
  await session.save()
  return null
}

/** An output is kept in the ledger, which everybody may read who may read the repository. */
function withoutSecrets(
  { given, voice }: Pick<Ports, 'given' | 'voice'>,
  outputs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const masked = Object.keys(outputs).filter((name) => given.isMasked(outputs[name] ?? ''))
  for (const name of masked)
    voice.warning('Output left out', `The output ${name} of the build is left out: it may contain a secret.`)
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !masked.includes(name)))
}

function warnOfOthers(
  { voice }: Pick<Ports, 'voice'>,
  before: Readonly<Record<string, string>>,
  written: Readonly<Record<string, string>>,
): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(written)])].filter(
    (name) => before[name] !== written[name],
  )
  if (names.length === 0) return
  voice.warning(
    'Outputs of the build differ',
    `This build wrote other outputs than the release has: ${names.join(', ')}. Those of the release stay.`,
  )
}

/** Warns of names that two sources give, as soon as all sources are known. */
export function warnOfNamesInTwo({ ports, plan, session }: Context): void {
  const sources = sourcesFor(session.ledger, plan, plan.release)
  for (const twice of namesInTwo(sources, (name) => ports.given.inSecret(name)))
    ports.voice.warning('A variable has two sources', describeNameInTwo(twice))
}

const unusable = (faults: readonly string[]): Failure => ({
  code: 'outputs-invalid',
  what: `The outputs of the build cannot be used: ${faults.slice(0, 5).join('; ')}.`,
  tail: [],
  next: 'Have the build write NAME=value lines to the file $ROLLGATE_OUTPUT, and try again.',
})
