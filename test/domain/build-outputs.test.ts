import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outputLimits, readOutputs } from '../../src/domain/config/commands/build-outputs.ts'
import { namesInTwo } from '../../src/domain/config/commands/variable-sources.ts'

const faultsOf = (text: string): readonly string[] => {
  const read = readOutputs(text)
  return read.kind === 'faulty' ? read.faults : []
}
const outputsOf = (text: string): object | null => {
  const read = readOutputs(text)
  return read.kind === 'read' ? read.outputs : null
}

describe('outputs of a build', () => {
  test.each([
    ['', {}],
    ['DIGEST=sha256:abc\n', { DIGEST: 'sha256:abc' }],
    ['A=1\r\n\r\nB=two words = 2\r\n', { A: '1', B: 'two words = 2' }],
    ['A=1\nA=2\n', { A: '2' }],
    ['A=\n', { A: '' }],
    ['A=x<<y\n', { A: 'x<<y' }],
    ['NOTES<<END\none\n\nA=2\nEND\nB=3\n', { NOTES: 'one\n\nA=2', B: '3' }],
    ['\uFEFFA=1', { A: '1' }],
  ])('%j are read', (text, outputs) => {
    expect(outputsOf(text)).toEqual(outputs)
  })

  test.each([
    ['just a word', 'line 1 is no `NAME=value`'],
    ['A=1\n2B=3', 'line 2 has no name of a variable before its value'],
    ['A B=3', 'line 1 has no name of a variable before its value'],
    ['PATH=/tmp', 'line 1 gives PATH, which is reserved'],
    ['Ld_Preload=x.so', 'line 1 gives Ld_Preload, which is reserved'],
    ['ROLLGATE_SHA=x', 'line 1 gives ROLLGATE_SHA, which is reserved'],
    ['BASH_ENV<<E\nx\nE', 'line 1 gives BASH_ENV, which is reserved'],
    ['SHELLOPTS=xtrace', 'line 1 gives SHELLOPTS, which is reserved'],
    ['NODE_PATH=/tmp', 'line 1 gives NODE_PATH, which is reserved'],
    ['PYTHONSTARTUP=/tmp/x', 'line 1 gives PYTHONSTARTUP, which is reserved'],
    ['PERL5OPT=-Mx', 'line 1 gives PERL5OPT, which is reserved'],
    ['RUBYOPT=-rx', 'line 1 gives RUBYOPT, which is reserved'],
    ['JAVA_TOOL_OPTIONS=-javaagent:x', 'line 1 gives JAVA_TOOL_OPTIONS, which is reserved'],
    ['__proto__=x', 'line 1 gives __proto__, which is reserved'],
    ['A=1\nN<<END\none', 'line 2 begins a text that does not end'],
    ['N<<\none', 'line 1 begins a text without a delimiter'],
    ['A=x\0y', 'line 1 gives A a NUL character'],
  ])('%j are refused', (text, fault) => {
    expect(faultsOf(text)).toContain(fault)
  })

  test('are refused beyond the limits of the ledger', () => {
    const many = Array.from({ length: outputLimits.names + 1 }, (_, at) => `A${at}=1`).join('\n')
    expect(faultsOf(many)).toEqual([`it has 51 outputs, and 50 are allowed`])
    expect(faultsOf(`A=${'x'.repeat(outputLimits.characters)}`)).toEqual([
      'its outputs have 16385 characters, and 16384 are allowed',
    ])
  })

  test('name no value in a fault, which may be a secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (secret) => {
        const text = faultsOf(`PATH=${secret}\n!${secret}\nX Y=${secret}`).join('\n')
        expect(text.replaceAll(/line \d+ (?:is|has|gives|begins).*/g, '').trim()).toBe('')
      }),
    )
  })

  test('come back as they were written', () => {
    const names = fc.stringMatching(/^V_[A-Z0-9]{1,8}$/)
    const values = fc
      .string()
      .filter((value) => !/[\0\r]/.test(value) && !value.split('\n').includes('E-O-F'))
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 20 }), (outputs) => {
        const text = Object.entries(outputs).map(([name, value]) => `${name}<<E-O-F\n${value}\nE-O-F\n`)
        expect(outputsOf(text.join(''))).toEqual({ ...outputs })
      }),
    )
  })
})

test('names that two sources give are named with all of them, the winner last', () => {
  const sources = { vars: ['A', 'B'], env: { B: '1', C: '1' }, outputs: { C: '2', B: '2' } }
  expect(namesInTwo(sources, (name) => name === 'A')).toEqual([
    { name: 'A', sources: ['vars of the job', 'the secret ROLLGATE_ENV'] },
    { name: 'B', sources: ['vars of the job', 'env of the environment', 'outputs of the build'] },
    { name: 'C', sources: ['env of the environment', 'outputs of the build'] },
  ])
})
