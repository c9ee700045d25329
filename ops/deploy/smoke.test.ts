import { onTestFinished, test } from 'vitest'
import { createDatabase } from '../../db/test/database.ts'
import { serveNode } from '../../router/runtimes/node.ts'
import { smoke } from './smoke.ts'

test.each([undefined, 'admin-token-of-tests'])('a node passes whose admin token is %s', async (token) => {
  const { url, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  const { port, stop } = await serveNode({ url, host: '127.0.0.1', port: 0, moderation: { token } })
  onTestFinished(() => stop({ drainMs: 0 }))
  await smoke({ address: `127.0.0.1:${port}`, on: ['env'] })
})
