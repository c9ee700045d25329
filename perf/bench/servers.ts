import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../db/commandLine.ts'
import { nodeOptions } from '../../ops/stack/stack.ts'
import type { Request } from '../operations.ts'
import type { CannedResponse } from './baseline.ts'

/** This checkout of the repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** A server that ends when it is disposed of. */
export type Server = AsyncDisposable & { readonly url: string }

/** Starts the API of a checkout by the command of its own `npm start`, on any free port. */
export const startApi = async (databaseUrl: string, checkout: string = repository): Promise<Server> => {
  const { scripts } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  // `exec` is part of the command: the process that is signalled is Node.
  const child = spawn('sh', ['-c', scripts.start], {
    cwd: checkout,
    env: { ...process.env, DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', function read(data: Buffer) {
      printed += String(data)
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
      if (!address) return
      // A server may log each request.
      child.stdout.off('data', read).resume()
      resolve(address)
    })
    child.once('exit', () => reject(new UserError(`The API in ${checkout} did not start: ${printed}`)))
  })
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT')
      await exited
    },
  }
}

/** A bare `node:http` server; `imitate` makes it send what a server answers to the first 200 of some requests. */
export type Baseline = Server & {
  readonly imitate: (url: string, requests: readonly Request[]) => Promise<void>
}

export const startBaseline = async (): Promise<Baseline> => {
  const child = fork(fileURLToPath(new URL('./baseline.ts', import.meta.url)), {
    execArgv: nodeOptions,
  })
  const [{ port }] = (await once(child, 'message')) as [AddressInfo]
  return {
    url: `http://127.0.0.1:${port}`,
    imitate: async (url, requests) => {
      const answers: CannedResponse[] = []
      for (const request of requests.slice(0, 200)) answers.push(await readAnswer(url, request))
      child.send(answers)
      await once(child, 'message')
    },
    [Symbol.asyncDispose]: async () => child.disconnect(),
  }
}

// Node adds these to an answer by itself.
const added = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding'])

const readAnswer = async (url: string, { method, path, body }: Request): Promise<CannedResponse> => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(url + path, { method, ...(body !== undefined && { body, headers }) })
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !added.has(name))),
    body: await response.text(),
  }
}
