import { type Conditions, errors, p95, three } from './trials.ts'

/** A row of the judge's table. `goal`: the verdict that counts, and its least or greatest share. */
export interface JudgeRow {
  readonly what: string
  readonly conditions: Conditions
  readonly goals: readonly Goal[]
}

export interface Goal {
  readonly verdict: 'worse' | 'inconclusive'
  readonly at: 'most' | 'least'
  readonly share: number
}

const seldomWorse: Goal = { verdict: 'worse', at: 'most', share: 0.01 }
const mostlyTold: Goal = { verdict: 'inconclusive', at: 'most', share: 0.2 }
const found: Goal = { verdict: 'worse', at: 'least', share: 0.95 }

const plain = { readings: 20, likeness: 0, offset: 0, times: 1 }

const surroundings = [
  { words: 'independent, alike instances', likeness: 0, offset: 0 },
  { words: 'autocorrelated', likeness: 0.5, offset: 0 },
  { words: 'instances differ by 10 %', likeness: 0, offset: 0.1 },
  { words: 'both', likeness: 0.5, offset: 0.1 },
]

const places = [
  { words: 'fleet of 4, with the time before', fleet: 4, before: true },
  { words: 'fleet of 10, with the time before', fleet: 10, before: true },
  { words: 'fleet of 4, the bake alone', fleet: 4, before: false },
]

/** Every figure of identical releases, and every difference that is to be found, in every place. */
export const judgeRows: readonly JudgeRow[] = places.flatMap((place) =>
  surroundings.flatMap(({ words, likeness, offset }) => {
    const where = { ...plain, fleet: place.fleet, before: place.before, likeness, offset }
    const row = (what: string, change: Partial<Conditions>, goals: readonly Goal[]): JudgeRow => ({
      what: `${place.words} · ${words} · ${what}`,
      conditions: { ...where, figures: p95, ...change },
      goals,
    })
    return [
      row('identical: errors, mean 1', { figures: errors(1) }, [seldomWorse]),
      row('identical: errors, mean 5', { figures: errors(5) }, [seldomWorse, mostlyTold]),
      row('identical: errors, mean 50', { figures: errors(50) }, [seldomWorse, mostlyTold]),
      row('identical: p95 200 ± 20', {}, [seldomWorse, mostlyTold]),
      row('identical: errors, p95 and p99', { figures: three }, [seldomWorse, mostlyTold]),
      row('doubled errors, 30 expected', { figures: errors(1.5), times: 2 }, [found]),
      row('doubled errors, 100 expected', { figures: errors(5), times: 2 }, [found]),
      row('p95 + 30 %', { times: 1.3 }, [found]),
    ]
  }),
)
