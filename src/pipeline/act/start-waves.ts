import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { givenBackIn } from '../../domain/ledger/lease.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { dueWave } from '../../domain/wave/due-wave.ts'
import { describeWave, type TakenWave, withWave } from '../../domain/wave/wave.ts'
import type { Wave } from '../../domain/wave/wave-policy.ts'
import { trySwap } from '../lock/compare-and-swap.ts'
import type { Ports } from '../ports.ts'

type WavePorts = Pick<Ports, 'ledgers' | 'clock' | 'forms' | 'voice'>

/**
 * Starts the environments that follow on this one, with every problem as a warning: the deployment stays a success, and the
 * next watch starts what is left. Returns the waves that this run took up.
 */
export async function startWaves(
  ports: WavePorts,
  app: string,
  environment: Pick<EnvironmentPolicy, 'name' | 'waves'>,
): Promise<TakenWave[]> {
  const taken: TakenWave[] = []
  try {
    await takeInTurn(ports, app, environment, taken)
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    ports.voice.warning(
      `The environments that follow ${environment.name} were not started`,
      `${failure.what} ${failure.why} The next watch starts them.`,
    )
  }
  return taken
}

/**
 * Starts the environments that follow on this one, each in a run of its own with its own gate, once its release is proven
 * here. The ledger has the wave before GitHub is asked: of two runs one asks, and after a run that died in between none
 * asks again. `taken` gets each wave that this run took up, also before a problem.
 */
async function takeInTurn(
  ports: WavePorts,
  app: string,
  { name, waves = [] }: Pick<EnvironmentPolicy, 'name' | 'waves'>,
  taken: TakenWave[],
): Promise<void> {
  for (const wave of waves) {
    const asked = await takeUp(ports, app, name, wave)
    if (asked === null) continue
    const { release, environment } = asked
    const answer = await ports.forms.start({ do: 'deploy', environment, release: release.tag })
    const known: TakenWave = { ...facts(asked), ...answer }
    await note(ports, app, name, known)
    taken.push(known)
  }
}

const facts = ({ environment, release, deployment, at }: TakenWave) => ({
  environment,
  release,
  deployment,
  at,
})

/** Notes a due wave as asked for; null where none is due, or others write the ledger all the time. */
async function takeUp(ports: WavePorts, app: string, from: string, wave: Wave): Promise<TakenWave | null> {
  const none = { wave: null }
  const swapped = await trySwap(async () => {
    const { head, ledger } = await ports.ledgers.read(app, from)
    const at = ports.clock.now().toISOString()
    const brought = givenBackIn(ledger) === null ? dueWave(ledger, wave, at) : null
    if (brought === null) return none
    const { release, number: deployment } = brought
    const { tag, sha } = release
    const { environment } = wave
    const asked: TakenWave = { kind: 'asked', environment, release: { tag, sha }, deployment, at }
    const written = await write(ports, head, ledger, asked, `${environment} is to follow with ${tag}`)
    return written ? { wave: asked } : null
  })
  return (swapped ?? none).wave
}

/** Notes the answer. A run that holds the ledger by now keeps it: then the wave stays one whose answer is not known. */
async function note(ports: WavePorts, app: string, from: string, wave: TakenWave): Promise<void> {
  await trySwap(async () => {
    const { head, ledger } = await ports.ledgers.read(app, from)
    if (ledger.deployment?.holder != null || givenBackIn(ledger) !== null) return true
    return (await write(ports, head, ledger, wave, describeWave(wave))) ? true : null
  })
}

async function write(
  { ledgers }: WavePorts,
  head: string | null,
  ledger: Ledger,
  wave: TakenWave,
  words: string,
): Promise<boolean> {
  return (await ledgers.append(head, { ...ledger, waves: withWave(ledger.waves, wave) }, words)) !== null
}
