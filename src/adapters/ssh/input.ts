/**
 * Returns a script that reads a text from its stdin. The text stands in the script itself: the driver has no other way for
 * it, and a run that is killed meanwhile leaves no script with a part of it. For `sh` and `bash`; the text ends with a
 * newline there.
 */
export function withInput(script: string, input: string | undefined): string {
  if (input === undefined) return script
  const lines = input.split('\n')
  let end = 'ROLLGATE_INPUT'
  while (lines.includes(end)) end += '_'
  const text = input === '' || input.endsWith('\n') ? input : `${input}\n`
  return `exec <<'${end}'\n${text}${end}\n${script}`
}
