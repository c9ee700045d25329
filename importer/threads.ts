import { Worker } from 'node:worker_threads'
import { Problem } from '../db/problem.ts'
import type { SharedIds } from './ids.ts'
import { loadTable, type Reading, type Task } from './loadTable.ts'

/** Where tables are loaded, one after the other. What `tell` throws ends the load. */
export type Thread = {
  readonly load: (task: Task, tell: (reading: Reading) => void) => Promise<SharedIds | undefined>
  readonly end: () => Promise<void>
}

/** What a thread says: how far it is, that it is done, or what went wrong. */
export type Message =
  | { readonly reading: Reading }
  | { readonly done: SharedIds | undefined }
  | { readonly error: unknown; readonly isProblem: boolean }

/** The thread that asks: for so little that starting others would take longer. */
export const thisThread: Thread = { load: loadTable, end: async () => {} }

/** A thread of its own. */
export const startThread = (): Thread => {
  const worker = new Worker(new URL('thread.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 256 },
  })
  return {
    load: (task, tell) =>
      new Promise((resolve, reject) => {
        const hear = (message: Message): void => {
          if ('reading' in message) {
            try {
              return tell(message.reading)
            } catch (error) {
              return reject(error)
            }
          }
          worker.off('message', hear).off('error', reject)
          if ('done' in message) resolve(message.done)
          else reject(message.isProblem ? new Problem((message.error as Error).message) : (message.error as Error))
        }
        worker.on('message', hear).once('error', reject)
        worker.postMessage(task)
      }),
    end: async () => {
      await worker.terminate()
    },
  }
}
