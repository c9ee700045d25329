import { parentPort } from 'node:worker_threads'
import { UserError } from '../../db/commandLine.ts'
import { translateError } from '../translateError.ts'
import { loadTable, type Task } from './loadTable.ts'
import type { Message } from './threads.ts'

// A thread that loads the tables that it is told of.
const say = (message: Message): void => parentPort?.postMessage(message)

parentPort?.on('message', (task: Task) => {
  let told = 0
  const load = loadTable(task, (reading) => {
    if (performance.now() - told < 100) return
    told = performance.now()
    say({ reading })
  })
  load.then(
    (done) => say({ done }),
    (error: unknown) => {
      // What a server says of an error does not cross to the other thread.
      const told = translateError(error)
      say({ error: told, isProblem: told instanceof UserError })
    },
  )
})
