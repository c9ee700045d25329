import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { client } from '../client.ts'
import { startEmbedded } from './start.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  // As root, PostgreSQL runs under another account, which has to get here.
  await chmod(folder, 0o711)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ask = async (url: string, text: string) => {
  const sql = client(url, { max: 1 })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

test('a second start finds the data of the first', async () => {
  const first = await startEmbedded(folder)
  await ask(first.url, "create table kept as select 'still here' as text")
  await first.stop()
  await expect(ask(first.url, 'select 1')).rejects.toThrow()

  const second = await startEmbedded(folder)
  expect(await ask(second.url, 'select text from kept')).toEqual([{ text: 'still here' }])
  await second.stop()
})

test('whoever comes while it runs joins it, and two that start at once share one', async () => {
  const [one, other] = await Promise.all([startEmbedded(folder), startEmbedded(folder)])
  const started = 'select pg_postmaster_start_time()::text as started'
  expect(await ask(one.url, started)).toEqual(await ask(other.url, started))
  await Promise.all([one.stop(), other.stop()])
})

test('runs until the last of those who use it stops it', async () => {
  const [one, other] = [await startEmbedded(folder), await startEmbedded(folder)]
  const user = client(other.url, { max: 1 })
  await user`select 1`
  await one.stop()
  expect(await user`select 'still here' as text`).toEqual([{ text: 'still here' }])
  await user.end({ timeout: 5 })
  await other.stop()
  await expect(ask(other.url, 'select 1')).rejects.toThrow()
})

test('listens nowhere but in its own folder', async () => {
  const server = await startEmbedded(folder)
  expect(await ask(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
  await server.stop()
})

test('a path that no socket can have is data all the same, and found again', async () => {
  const long = join(folder, 'ö long '.repeat(20))
  const first = await startEmbedded(long)
  await ask(first.url, 'create table kept as select 1')
  await first.stop()
  const second = await startEmbedded(long)
  expect(await ask(second.url, 'select * from kept')).toHaveLength(1)
  await second.stop()
})
