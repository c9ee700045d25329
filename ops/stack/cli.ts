import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../../db/open.ts'
import { main, Problem } from '../../db/problem.ts'
import { fillIfEmpty, showPictures } from '../demo.ts'
import { findNginx } from './nginx.ts'
import { startStack } from './stack.ts'

const help = `Usage: npm run stack -- [--port 8080] [--nodes 2] [--no-limits] [--no-cache]

Runs on this machine what runs on several in production: NGINX with its cache, nodes, and
PostgreSQL, that of DATABASE_URL or the embedded one. Ctrl-C ends all of it.

  --port <n>   where NGINX listens, from 1 to 65535 (8080)
  --nodes <n>  how many nodes it balances, from 1 to 16 (2)
  --no-limits  lets one address ask as much as it likes
  --no-cache   passes every request to a node
  --help       this text`

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        nodes: { type: 'string', default: '2' },
        'no-limits': { type: 'boolean', default: false },
        'no-cache': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}. See npm run stack -- --help.`)
  }
}

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (/^[1-9]\d*$/.test(text) && value <= most) return value
  throw new Problem(`--${name} must be a whole number from 1 to ${most}, and not "${text}".`)
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

// Heard for good: a second Ctrl-C, or one that npm passes on, must not cut short what the first one ends.
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve())
})

await main(async () => {
  const { help: wantsHelp, ...given } = readArguments()
  if (wantsHelp) return console.log(help)
  const port = wholeNumber('port', given.port, 65_535)
  const nodes = wholeNumber('nodes', given.nodes, 16)
  await findNginx()

  const database = await openDatabase()
  try {
    await Promise.race([
      fillIfEmpty(database.url, `http://127.0.0.1:${port}`),
      interrupted.then(() => Promise.reject(new Problem('Interrupted.'))),
    ])
    const stack = await startStack({
      url: database.url,
      port,
      nodes,
      limits: given['no-limits'] ? 'off' : 'on',
      cache: !given['no-cache'],
    })
    const ended = once(stack.process, 'exit')
    await showPictures(database.url, stack.url)
    console.log(`
The API answers at ${stack.url}, through NGINX

${stack.nodes.map((url, at) => `  node ${at + 1}  ${url}`).join('\n')}
  status  ${stack.admin}/status
  purge   curl -X POST ${stack.admin}/invalidate
  logs    ${stack.folder}

  curl -i '${stack.url}/reviews?product_id=1'   twice: X-Cache shows MISS, then HIT

Ctrl-C ends it.`)
    const end = await Promise.race([interrupted, ended])
    const log = end ? await readFile(join(stack.folder, 'error.log'), 'utf8').catch(() => '') : ''
    await stack.stop()
    if (end)
      throw new Problem(
        `NGINX has ended (${end[1] ?? end[0]}), and the stack with it: ${lastLine(log) || 'it says nothing'}`,
      )
  } finally {
    await database.close()
  }
})
// What was interrupted may still hold timers and sockets.
process.exit()
