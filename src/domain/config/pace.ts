/**
 * Returns the waits in milliseconds between two polls: short at first, because most events come soon, then a
 * fifth longer each time, up to a quarter of a second.
 */
export function* pauses(): Generator<number, never> {
  for (let pause = 10; ; pause = Math.min(250, pause * 1.2)) yield Math.round(pause)
}
