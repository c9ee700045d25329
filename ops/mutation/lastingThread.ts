import { ThreadsPoolWorker, type PoolOptions, type PoolWorker } from 'vitest/node'

type Listener = (argument: unknown) => void

/** The thread of all runs of this process, with the modules that it has loaded. */
let thread: ThreadsPoolWorker | undefined

/**
 * A vitest pool whose thread outlives a run. Stryker runs vitest once a mutant, and loading the modules again
 * takes ten times as long as the tests.
 */
export const lastingThread = {
  name: 'lasting-thread',
  createPoolWorker: (options: PoolOptions): PoolWorker => {
    const listeners: [event: string, listener: Listener][] = []
    const forget = () => (thread = undefined)
    return {
      name: lastingThread.name,
      start: async () => {
        if (thread) return
        thread = new ThreadsPoolWorker(options)
        await thread.start()
        thread.on('exit', forget)
      },
      send: (message) => {
        if (message.type !== 'stop') return thread?.send(message)
        for (const [event, listener] of listeners)
          if (event === 'message') listener({ __vitest_worker_response__: true, type: 'stopped' })
      },
      on: (event, listener) => {
        listeners.push([event, listener])
        thread?.on(event, listener)
      },
      off: (event, listener) => thread?.off(event, listener),
      stop: async () => {
        for (const [event, listener] of listeners) thread?.off(event, listener)
      },
      deserialize: (data) => data,
    }
  },
}
