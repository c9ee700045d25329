import { Worker } from 'node:worker_threads'
import { UserError } from '../../db/commandLine.ts'
import type { SharedIndex } from '../csv/parents.ts'
import { loadTable, type LoadTask, type ReadProgress } from './loadTable.ts'

/** A thread that loads tables, one after the other. An error that `onProgress` throws ends the load. */
export type LoadThread = {
  readonly load: (task: LoadTask, onProgress: (progress: ReadProgress) => void) => Promise<SharedIndex | undefined>
  readonly end: () => Promise<void>
}

/** A message of a thread: its progress, its result or its error. */
export type ThreadMessage =
  | { readonly progress: ReadProgress }
  | { readonly done: SharedIndex | undefined }
  | { readonly error: unknown; readonly isUserError: boolean }

/** The calling thread, for imports so small that starting others would take longer. */
export const currentThread: LoadThread = { load: loadTable, end: async () => {} }

// Node 20 does not pass the loader for TypeScript on to a thread.
const start = `
  import('tsx/esm/api').then(({ register }) => {
    register()
    return import(require('node:worker_threads').workerData)
  })`

/** Starts a worker thread. */
export const startThread = (): LoadThread => {
  const worker = new Worker(start, {
    eval: true,
    workerData: new URL('worker.ts', import.meta.url).href,
    resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 256 },
  })
  // Listens from the start: a thread can fail before it has a task.
  const failed = new Promise<never>((_resolve, reject) => worker.once('error', reject))
  failed.catch(() => {})
  const load: LoadThread['load'] = (task, onProgress) =>
    new Promise((resolve, reject) => {
      const onMessage = (message: ThreadMessage): void => {
        if ('progress' in message) {
          try {
            return onProgress(message.progress)
          } catch (error) {
            return reject(error)
          }
        }
        worker.off('message', onMessage)
        if ('done' in message) resolve(message.done)
        else reject(message.isUserError ? new UserError((message.error as Error).message) : (message.error as Error))
      }
      worker.on('message', onMessage)
      worker.postMessage(task)
    })
  return {
    load: (task, onProgress) => Promise.race([load(task, onProgress), failed]),
    end: async () => {
      await worker.terminate()
    },
  }
}
