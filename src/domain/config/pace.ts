/**
 * Milliseconds to wait between two questions whether something has come about: little at first, because most things
 * come soon, then a fifth more each time, up to a quarter of a second.
 */
export function* pauses(): Generator<number, never> {
  for (let pause = 10; ; pause = Math.min(250, pause * 1.2)) yield Math.round(pause)
}
