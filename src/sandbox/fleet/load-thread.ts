import { parentPort, workerData } from 'node:worker_threads'
import { startLoad } from './load.ts'

const load = startLoad(workerData)
parentPort?.once('message', async () => parentPort?.postMessage(await load.stop()))
parentPort?.postMessage('begun')
