import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { client } from '../client.ts'
import { startEmbedded } from '../embedded/start.ts'
import { dataFolder } from '../embedded/folder.ts'
import { migrate } from '../migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a migrated, empty database that test databases are copies of. */
    template: string
  }
}

const folder = join(dataFolder(), 'test')

/**
 * The server that tests use: that of `DATABASE_URL`, or an embedded one that forgets what a crash of the machine loses.
 */
export const startTestServer = async () =>
  process.env.DATABASE_URL
    ? { url: process.env.DATABASE_URL, stop: async () => {} }
    : startEmbedded(folder, { fsync: 'off', max_connections: '200' })

/** Makes the template of all test databases. */
export default async ({ provide }: TestProject) => {
  const server = await startTestServer()
  const name = `atelierx_test_${process.pid}`
  const admin = client(server.url, { max: 1 })
  await admin.unsafe(`create database ${name}`)

  const url = new URL(server.url)
  url.pathname = name
  const template = client(url.href, { max: 1 })
  await migrate(template)
  await template.end({ timeout: 5 })
  provide('template', url.href)

  return async () => {
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end({ timeout: 5 })
    await server.stop()
  }
}
