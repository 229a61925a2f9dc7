/** Returns a few of many, others each day, so that all of them have their turn. */
export function byTurns<Kind>(all: readonly Kind[], many: number): readonly Kind[] {
  const day = Math.floor(Date.now() / 86_400_000)
  return Array.from({ length: many }, (_, at) => all[(day * many + at) % all.length] as Kind)
}
