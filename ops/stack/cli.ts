import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../db/open.ts'
import { interrupted, main, readCommandLine, unlessInterrupted, UserError } from '../../db/commandLine.ts'
import { fillIfEmpty, updatePictureUrls } from '../demo.ts'
import { findNginx } from './findNginx.ts'
import { findPrometheus, type Prometheus, startPrometheus } from './prometheus.ts'
import { startStack } from './stack.ts'

const about = `Runs NGINX with its cache, nodes, and PostgreSQL on this machine, as in production on several.
The database is that of DATABASE_URL or the embedded one. Ctrl-C ends all of it.`

const options = {
  port: { about: 'the port of NGINX', default: 8080, max: 65_535 },
  nodes: { about: 'how many nodes it balances', default: 2, max: 16 },
  'no-limits': { about: 'lifts the limits for one client address', default: false },
  observe: { about: 'runs Prometheus too, on the metrics of the nodes and NGINX', default: false },
  'no-cache': { about: 'passes every request to a node', default: false },
} as const

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

await main(async () => {
  const command = readCommandLine('npm run stack [-- options]', about, options)
  if (!command) return
  const { port, nodes, observe, 'no-limits': isUnlimited, 'no-cache': isUncached } = command.values
  const end = interrupted()
  await findNginx()
  const prometheusProgram = observe ? await findPrometheus() : undefined

  const database = await openDatabase()
  try {
    await unlessInterrupted(fillIfEmpty(database.url, `http://127.0.0.1:${port}`))
    const stack = await startStack({
      url: database.url,
      port,
      nodes,
      observe,
      limits: isUnlimited ? 'off' : 'on',
      cache: !isUncached,
    })
    const ended = once(stack.process, 'exit')
    let prometheus: Prometheus | undefined
    if (prometheusProgram) {
      const balancers = [new URL(stack.admin).host]
      prometheus = await startPrometheus(prometheusProgram, { nodes: stack.nodeAdmins, balancers }).catch(
        async (error: unknown) => {
          await stack.stop()
          throw error
        },
      )
    }
    await updatePictureUrls(database.url, stack.url)
    console.log(`
The API answers at ${stack.url}, through NGINX

${stack.nodes.map((url, at) => `  node ${at + 1}  ${url}`).join('\n')}
  status  ${stack.admin}/status
  purge   curl -X POST ${stack.admin}/invalidate
  logs    ${stack.folder}
${prometheus ? `  graphs  ${prometheus.url}/graph\n` : ''}
  curl -i '${stack.url}/reviews?product_id=1'   twice: X-Cache shows MISS, then HIT

Ctrl-C ends it.`)
    const exit = await Promise.race([end, ended])
    const log = exit ? await readFile(join(stack.folder, 'error.log'), 'utf8').catch(() => '') : ''
    await prometheus?.stop()
    await stack.stop()
    if (exit)
      throw new UserError(
        `NGINX has ended (${exit[1] ?? exit[0]}), and the stack with it: ${lastLine(log) || 'its error log is empty'}`,
      )
  } finally {
    await database.close()
  }
})
// An interrupted task may still hold timers and sockets.
process.exit()
