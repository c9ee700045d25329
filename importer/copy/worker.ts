import { parentPort } from 'node:worker_threads'
import { UserError } from '../../db/commandLine.ts'
import { translateError } from '../translateError.ts'
import { loadTable, type LoadTask } from './loadTable.ts'
import type { ThreadMessage } from './threads.ts'

// The main function of a thread that loads tables.
const post = (message: ThreadMessage): void => parentPort?.postMessage(message)

const progressIntervalMs = 100

parentPort?.on('message', (task: LoadTask) => {
  let lastProgress = 0
  const load = loadTable(task, (progress) => {
    if (performance.now() - lastProgress < progressIntervalMs) return
    lastProgress = performance.now()
    post({ progress })
  })
  load.then(
    (done) => post({ done }),
    (cause: unknown) => {
      // Translated here, as the code of a server's error does not reach the other thread.
      const error = translateError(cause)
      post({ error, isUserError: error instanceof UserError })
    },
  )
})
