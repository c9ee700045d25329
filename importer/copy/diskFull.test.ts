import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client } from '../../db/client.ts'
import { startEmbedded, type Embedded } from '../../db/embedded/start.ts'
import { migrate } from '../../db/migrate.ts'
import { importFolder } from '../load.ts'
import { contentOf, productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()
const execute = promisify(execFile)

/** A file system of so many MB that an account can write to; undefined where none can be mounted. */
const mountSmall = async (megabytes: number, { uid, gid }: { uid: number; gid: number }) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-small-'))
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder])
    await chown(folder, uid, gid)
    return folder
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
}

// No other test uses this server: while the disk is full, its checkpoints fail, and so does `drop database`.
let folder: string
let server: Embedded
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-full-'))
  // As root, PostgreSQL runs under another account, which has to get here.
  await chmod(folder, 0o711)
  server = await startEmbedded(folder, { fsync: 'off' })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

test('a disk that is full is told of in one line, and the same command goes on when there is room', async ({
  skip,
}) => {
  const admin = client(server.url, { max: 1 })
  const [data] = await admin<{ path: string }[]>`select current_setting('data_directory') as path`
  const small = (await mountSmall(48, await stat(data?.path ?? ''))) ?? skip('It takes root and mount.')
  const files = await importer.write({ 'product.csv': productsOf(1, 2) })
  const before = await importer.write({ 'product.csv': productsOf(1) })
  const row = (id: number) => `${id},1,"Fabric","${'Canvas '.repeat(60)}"`
  const rows = Array.from({ length: 100_000 }, (_, index) => row(index + 1))
  await writeFile(join(files, 'features.csv'), ['id,product_id,feature,value', ...rows].join('\n'))

  const url = new URL(server.url)
  url.pathname = 'small'
  const own = client(url.href)
  try {
    await admin.unsafe(`create tablespace small location '${small}'`)
    await admin.unsafe('create database small tablespace small')
    await migrate(own)
    await importFolder(url.href, before)
    const content = await contentOf(own)
    const rejects = join(files, 'rejects.csv')
    await expect(importFolder(url.href, files, { rejects })).rejects.toThrow(
      /^The disk of the database is full: make room .* the same command goes on from here\. \(.*No space left on device\)$/,
    )
    expect(await contentOf(own)).toEqual(content)
    await execute('mount', ['-o', 'remount,size=200m', small])
    const { files: reports } = await importFolder(url.href, files, { rejects })
    expect(reports.find(({ file }) => file === 'features.csv')).toMatchObject({ loaded: 100_000, rejected: 0 })
    expect(await own`select count(*)::int as rows from features`).toEqual([{ rows: 100_000 }])
  } finally {
    await own.end({ timeout: 5 })
    await admin.unsafe('drop database if exists small with (force)')
    await admin.unsafe('drop tablespace if exists small')
    await admin.end({ timeout: 5 })
    await execute('umount', ['-l', small])
    await rm(small, { recursive: true })
  }
})
