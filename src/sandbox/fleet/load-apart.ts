import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { keepingCompiledCode } from '../compiled-code.ts'
import type { Load, LoadOptions, LoadReport } from './load.ts'

/** Sends the load from a thread of its own, so that its latency is the visitors' and not that of this process. */
export async function startLoadApart(options: LoadOptions): Promise<Pick<Load, 'stop'>> {
  const file = new URL('./load-thread.ts', import.meta.url)
  const thread = new Worker(file, {
    workerData: options,
    execArgv: [],
    env: { ...process.env, ...keepingCompiledCode },
  })
  await once(thread, 'message')
  return {
    async stop() {
      thread.postMessage('stop')
      const [report] = (await once(thread, 'message')) as [LoadReport]
      return report
    },
  }
}
