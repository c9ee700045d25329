import { Agent, request } from 'node:http'

/** Sends requests at a steady rate over persistent connections. The result stops them, and counts their outcomes. */
export const startLoad = (url: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const outcomes: Record<string, number> = {}
  const pending = new Set<Promise<void>>()
  const count = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)
  const send = (method: string, path: string) =>
    new Promise<void>((resolve) => {
      const sent = request(url + path, { method, agent }, (response) => {
        response.resume().on('end', () => resolve(void count(`${method} ${response.statusCode}`)))
      })
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(void count(`${method} ${error.code}`))).end()
    })
  const timer = setInterval(() => {
    for (const task of [
      send('GET', '/reviews?product_id=1'),
      send('PUT', '/reviews/1/helpful'),
      send('GET', '/cart'),
    ]) {
      pending.add(task)
      void task.then(() => pending.delete(task))
    }
  }, 10)
  return async () => {
    clearInterval(timer)
    await Promise.all(pending)
    agent.destroy()
    return outcomes
  }
}
