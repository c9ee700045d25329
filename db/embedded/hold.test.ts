import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { client } from '../client.ts'
import { startEmbedded } from './start.ts'

let folder: string
const started: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await chmod(folder, 0o711)
})
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await expect.poll(isGone, { timeout: 20_000 }).toBe(true)
  await rm(folder, { recursive: true, force: true })
})

const at = (name: string) => join(folder, name)
const ask = async (text: string) => {
  const url = `postgres://postgres@localhost:5432/postgres?host=${at('postgres')}`
  const sql = client(url, { max: 1 })
  try {
    return [...(await sql.unsafe(text))]
  } finally {
    await sql.end({ timeout: 5 })
  }
}
const answer = () =>
  ask('select 1 as one').then(
    () => true,
    () => false,
  )
/** Neither PostgreSQL nor its keeper is there. */
const isGone = async () => !(await answer()) && (await processesOf('keeper.ts')).length === 0

/** The processes of this folder that a word names, such as `keeper.ts`. */
const processesOf = async (word: string): Promise<number[]> => {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(word) && command.includes(folder)) found.push(Number(pid))
  }
  return found
}
const postmaster = async () => Number((await readFile(at('postgres/postmaster.pid'), 'utf8')).split('\n')[0])

/** A process that holds the server until its input ends. */
const holder = () => {
  const script = fileURLToPath(new URL('../test/holder.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  return { child, holds: once(child.stdout, 'data'), ended: once(child, 'exit') }
}

describe.skipIf(process.platform !== 'linux')('a held server', () => {
  test('ends when the only process that held it is killed', async () => {
    const { child, holds } = holder()
    await holds
    expect(await answer()).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(isGone, { timeout: 20_000 }).toBe(true)
  })

  test('outlives whoever started it, killed or not, as long as another holds it', async () => {
    const [one, other] = [holder(), holder()]
    await Promise.all([one.holds, other.holds])
    const third = await startEmbedded(folder)
    one.child.kill('SIGKILL')
    other.child.stdin.end()
    expect(await other.ended).toEqual([0, null])
    await setTimeout(200)
    expect(await answer()).toBe(true)
    await third.stop()
    expect(await answer()).toBe(false)
  })

  test('is started again when it is killed', async () => {
    const held = await startEmbedded(folder)
    const before = await ask('select pg_postmaster_start_time()::text as started')
    process.kill(await postmaster(), 'SIGKILL')
    await expect
      .poll(() => ask('select pg_postmaster_start_time()::text as started').catch(() => before), { timeout: 20_000 })
      .not.toEqual(before)
    await held.stop()
    expect(await answer()).toBe(false)
  })

  test('goes on when its keeper is killed, and still ends with the last who holds it', async () => {
    const held = await startEmbedded(folder)
    const before = await ask('select pg_postmaster_start_time()::text as started')
    const [keeper] = await processesOf('keeper.ts')
    process.kill(keeper!, 'SIGKILL')
    await expect.poll(async () => (await processesOf('keeper.ts')).filter((pid) => pid !== keeper).length).toBe(1)
    expect(await ask('select pg_postmaster_start_time()::text as started')).toEqual(before)
    await expect.poll(() => readFile(at('postgres.log'), 'utf8')).toBe('')
    await held.stop()
    await expect.poll(isGone, { timeout: 20_000 }).toBe(true)
  })

  test('is not promised to one that comes when it is stopping', async () => {
    const held = await startEmbedded(folder)
    const late = connect(at('postgres.hold'))
    let text = ''
    late.on('data', (data) => (text += String(data)))
    await once(late, 'connect')
    const stopped = held.stop()
    const isRefused = () =>
      new Promise((resolve) => {
        const probe = connect(at('postgres.hold'), () => resolve(false)).on('error', () => resolve(true))
        probe.on('connect', () => probe.destroy())
      })
    await expect.poll(isRefused, { interval: 1 }).toBe(true)
    late.on('error', () => {}).write('hold')
    await Promise.all([stopped, once(late, 'close')])
    expect(text).toBe('')
  })

  test('is there for all who start and stop it at random', async () => {
    const once = async (n: number) => {
      await setTimeout((n * 37) % 300)
      const held = await startEmbedded(folder)
      expect(await ask('select 1 as one')).toEqual([{ one: 1 }])
      await setTimeout((n * 53) % 200)
      await held.stop()
    }
    await Promise.all(Array.from({ length: 8 }, (_, n) => once(n).then(() => once(n + 8))))
    expect(await answer()).toBe(false)
  })

  test.each(['postmaster.pid', '.s.PGSQL.5432.lock'])(
    'starts over a %s that names another process of its account, which is left alone',
    async (file) => {
      await (await startEmbedded(folder)).stop()
      const { uid, gid } = await stat(at('postgres'))
      const other = spawn('sleep', ['60'], { uid, gid, cwd: '/' })
      started.push(other)
      const signalled = once(other, 'exit')
      await writeFile(at(`postgres/${file}`), `${other.pid}\n${at('postgres')}\n1595884714\n5432\n${at('postgres')}\n`)
      await chown(at(`postgres/${file}`), uid, gid)
      const held = await startEmbedded(folder)
      expect(await answer()).toBe(true)
      await held.stop()
      expect(await Promise.race([signalled, setTimeout(300, 'left alone')])).toBe('left alone')
      expect(await readlink(`/proc/${other.pid}/cwd`)).toBe('/')
    },
  )

  test('says in one line that its data is of another version', async () => {
    await (await startEmbedded(folder)).stop()
    await writeFile(at('postgres/PG_VERSION'), '13\n')
    await expect(startEmbedded(folder)).rejects.toThrow(/is of another version of PostgreSQL .*move that folder away/)
  })
})
