import { expect, inject, test } from 'vitest'
import { openDatabase } from './open.ts'
import { UserError } from './commandLine.ts'

const opening = (env: Record<string, string>) => openDatabase(env)
const named = (change: (url: URL) => void) => {
  const url = new URL(inject('template'))
  change(url)
  return { DATABASE_URL: url.href }
}

test('opens the database that DATABASE_URL names, migrated', async () => {
  const opened = await opening({ DATABASE_URL: inject('template'), NODE_ENV: 'production' })
  expect(opened.url).toBe(inject('template'))
  await opened.close()
})

test('never starts a database of its own in production', async () => {
  await expect(opening({ NODE_ENV: 'production' })).rejects.toThrow(/^DATABASE_URL is not set, and production/)
})

test.each(['localhost:5432/atelier', 'mysql://localhost/atelier', 'nonsense'])(
  'refuses %s, which is no PostgreSQL URL',
  async (url) => {
    await expect(opening({ DATABASE_URL: url })).rejects.toThrow(/^DATABASE_URL is not a PostgreSQL URL: write it as/)
  },
)

test('names the fix when nothing listens there', async () => {
  await expect(opening({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/atelier' })).rejects.toThrow(
    /^Nothing listens at 127.0.0.1:1: start PostgreSQL there, or correct DATABASE_URL.$/,
  )
})

test('names the fix when the database does not exist', async () => {
  const missing = named((url) => (url.pathname = '/no_such_database'))
  await expect(opening(missing)).rejects.toThrow(/^The database no_such_database does not exist: run createdb/)
})

test('calls what the person can mend a problem, and never shows the password', async () => {
  const error = await opening({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/atelier' }).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(UserError)
  expect(String(error)).not.toContain('secret')
})
