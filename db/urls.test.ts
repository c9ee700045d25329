import { expect, test } from 'vitest'
import { UserError } from './commandLine.ts'
import { readReplicaUrls } from './urls.ts'

test.each([
  [{}, []],
  [{ DATABASE_READ_URLS: '' }, []],
  [{ DATABASE_READ_URLS: 'postgres://a/b' }, ['postgres://a/b']],
  [{ DATABASE_READ_URLS: ' postgres://a/b , postgresql://c/d,' }, ['postgres://a/b', 'postgresql://c/d']],
])('%j names the replicas %j', (env, urls) => {
  expect(readReplicaUrls(env)).toEqual(urls)
})

test('a part that is no URL of PostgreSQL is a problem, which shows no password', () => {
  const read = () => readReplicaUrls({ DATABASE_READ_URLS: 'postgres://a/b,mysql://me:secret@c/d' })
  expect(read).toThrow(UserError)
  expect(read).toThrow(
    /^A part of DATABASE_READ_URLS is not a PostgreSQL URL: write it as postgres:\/\/user:password@host/,
  )
})
