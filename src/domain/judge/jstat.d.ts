/** The part of jstat that the judge uses: it comes without types. */
declare module 'jstat' {
  interface StudentT {
    cdf(x: number, freedom: number): number
    inv(p: number, freedom: number): number
  }
  const jstat: { readonly studentt: StudentT; ibeta(x: number, a: number, b: number): number }
  export default jstat
}
