import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { createDatabase } from '../db/test/database.ts'

/** Runs the server of the README on the fixture until a test ends, and gives its origin. */
export const serve = async (folder: string, node = process.execPath): Promise<string> => {
  const { url, drop } = await createDatabase({ fixture: true })
  const env = { ...process.env, DATABASE_URL: url, PORT: '0' }
  const server = spawn(node, ['out/server.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    server.kill()
    await once(server, 'exit')
    await drop()
  })
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  return line.toString().trim()
}
