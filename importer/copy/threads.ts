import { Worker } from 'node:worker_threads'
import { UserError } from '../../db/commandLine.ts'
import type { SharedIds } from '../csv/parents.ts'
import { loadTable, type ReadProgress, type Task } from './loadTable.ts'

/** Where tables are loaded, one after the other. What `tell` throws ends the load. */
export type Thread = {
  readonly load: (task: Task, tell: (reading: ReadProgress) => void) => Promise<SharedIds | undefined>
  readonly end: () => Promise<void>
}

/** What a thread says: how far it is, that it is done, or what went wrong. */
export type Message =
  | { readonly reading: ReadProgress }
  | { readonly done: SharedIds | undefined }
  | { readonly error: unknown; readonly isProblem: boolean }

/** The thread that asks: for so little that starting others would take longer. */
export const thisThread: Thread = { load: loadTable, end: async () => {} }

// Node 20 does not pass on to a thread how its parent reads TypeScript.
const start = `
  import('tsx/esm/api').then(({ register }) => {
    register()
    return import(require('node:worker_threads').workerData)
  })`

/** A thread of its own. */
export const startThread = (): Thread => {
  const worker = new Worker(start, {
    eval: true,
    workerData: new URL('worker.ts', import.meta.url).href,
    resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 256 },
  })
  // Heard at once: a thread may fail before it is asked for anything.
  const failed = new Promise<never>((_resolve, reject) => worker.once('error', reject))
  failed.catch(() => {})
  const load: Thread['load'] = (task, tell) =>
    new Promise((resolve, reject) => {
      const hear = (message: Message): void => {
        if ('reading' in message) {
          try {
            return tell(message.reading)
          } catch (error) {
            return reject(error)
          }
        }
        worker.off('message', hear)
        if ('done' in message) resolve(message.done)
        else reject(message.isProblem ? new UserError((message.error as Error).message) : (message.error as Error))
      }
      worker.on('message', hear)
      worker.postMessage(task)
    })
  return {
    load: (task, tell) => Promise.race([load(task, tell), failed]),
    end: async () => {
      await worker.terminate()
    },
  }
}
