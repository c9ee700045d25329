import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { nodeOptions } from '../../ops/stack.ts'
import type { Sent } from './baseline.ts'
import type { Requests } from './load.ts'

const script = (path: string, env: Record<string, string> = {}): ChildProcess =>
  fork(fileURLToPath(new URL(path, import.meta.url)), {
    execArgv: nodeOptions,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })

/** The API as `npm start` runs it, on a database that is there. */
export const startApi = async (databaseUrl: string): Promise<{ url: string; stop: () => Promise<void> }> => {
  const child = script('../../ops/start.ts', { DATABASE_URL: databaseUrl, PORT: '0' })
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      printed += String(data)
      const [, url] = /answers at (\S+)/.exec(printed) ?? []
      if (url) resolve(url)
    })
    child.once('exit', () => reject(new Error(`The API did not start: ${printed}`)))
  })
  return {
    url,
    stop: async () => {
      // A Ctrl-C that ends this program ended that one too.
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGINT')
      await once(child, 'exit')
    },
  }
}

/** A bare server, which `imitate` makes send what another answers to some of a list of requests. */
export type Bare = {
  readonly url: string
  readonly imitate: (url: string, requests: Requests) => Promise<void>
  readonly stop: () => void
}

export const startBare = async (): Promise<Bare> => {
  const child = script('./baseline.ts')
  const [{ port }] = (await once(child, 'message')) as [AddressInfo]
  return {
    url: `http://127.0.0.1:${port}`,
    imitate: async (url, requests) => {
      const answers: Sent[] = []
      for (const path of requests.paths.slice(0, 200)) answers.push(await answerOf(url + path, requests))
      child.send(answers)
      await once(child, 'message')
    },
    stop: () => child.disconnect(),
  }
}

// What Node adds to an answer by itself.
const added = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding'])

const answerOf = async (url: string, { method, body }: Requests): Promise<Sent> => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body, headers }) })
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !added.has(name))),
    body: await response.text(),
  }
}
