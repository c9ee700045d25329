import { execFile } from 'node:child_process'
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { client } from '../../db/client.ts'
import { importFolder } from '../load.ts'
import { contentOf, productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()
const execute = promisify(execFile)

/** A file system of so many MB that the tests' server can write to; undefined where none can be mounted. */
const mountSmall = async (megabytes: number): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-small-'))
  try {
    const [row] = await importer.sql<{ folder: string }[]>`select current_setting('data_directory') as folder`
    const { uid, gid } = await stat(row?.folder ?? '')
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder])
    await chown(folder, uid, gid)
    return folder
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
}

test('a disk that is full is told of in one line, and the same command goes on when there is room', async ({
  skip,
}) => {
  const small = (await mountSmall(48)) ?? skip('It takes root, mount, and a server on this host.')
  const name = `small_${process.pid}`
  const folder = await importer.write({ 'product.csv': productsOf(1, 2) })
  const before = await importer.write({ 'product.csv': productsOf(1) })
  const row = (id: number) => `${id},1,"Fabric","${'Canvas '.repeat(60)}"`
  const rows = Array.from({ length: 100_000 }, (_, index) => row(index + 1))
  await writeFile(join(folder, 'features.csv'), ['id,product_id,feature,value', ...rows].join('\n'))

  const { sql } = importer
  const url = new URL(importer.url)
  url.pathname = name
  const own = client(url.href)
  try {
    await sql.unsafe(`create tablespace ${name} location '${small}'`)
    await sql.unsafe(
      `create database ${name} template ${new URL(inject('template')).pathname.slice(1)} tablespace ${name}`,
    )
    await importFolder(url.href, before)
    const content = await contentOf(own)
    const rejects = join(folder, 'rejects.csv')
    await expect(importFolder(url.href, folder, { rejects })).rejects.toThrow(
      /^The disk of the database is full: make room .* the same command goes on from here\. \(.*No space left on device\)$/,
    )
    expect(await contentOf(own)).toEqual(content)
    await execute('mount', ['-o', 'remount,size=200m', small])
    const { files } = await importFolder(url.href, folder, { rejects })
    expect(files.find(({ file }) => file === 'features.csv')).toMatchObject({ loaded: 100_000, rejected: 0 })
    expect(await own`select count(*)::int as rows from features`).toEqual([{ rows: 100_000 }])
  } finally {
    await own.end({ timeout: 5 })
    await sql.unsafe(`drop database if exists ${name} with (force)`)
    await sql.unsafe(`drop tablespace if exists ${name}`)
    await execute('umount', ['-l', small])
    await rm(small, { recursive: true })
  }
})
