import { describeWave, type TakenWave } from '../../domain/wave/wave.ts'
import { startWaves } from '../../pipeline/act/start-waves.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import { blocks, text } from '../../report/text/markdown.ts'
import type { Hands } from '../run/hands.ts'
import { voice } from '../run/wire.ts'
import { addSummary } from './summary.ts'

type BeforeNext = Parameters<typeof startWaves>[2]

/** Starts the environments that follow on this one, and shows what became of each. */
export async function goOnToNext({ ports }: Hands, app: string, environment: BeforeNext): Promise<void> {
  const waves = await takeOn(ports, app, environment)
  if (waves.length > 0)
    addSummary(blocks('### What follows', ...waves.map((wave) => text(describeWave(wave)))))
}

/** Starts the environments that follow on this one, without a page. A wave that could not be started is a warning, never the end of what has succeeded. */
export async function takeOn(
  ports: Hands['ports'],
  app: string,
  environment: BeforeNext,
): Promise<TakenWave[]> {
  const waves = await startWaves(ports, app, environment)
  for (const wave of waves)
    if (wave.kind === 'started') voice.line(logLine(describeWave(wave)))
    else voice.warning(`${wave.environment} does not follow yet`, describeWave(wave))
  return waves
}
