/** Loaded into the bundle before it starts: its clock begins at the time in CLOCK_AT, and runs from there. */
const Real = globalThis.Date
const ahead = Real.parse(process.env.CLOCK_AT) - Real.now()
globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + ahead] : given))
  }
  static now() {
    return Real.now() + ahead
  }
}
