import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeOptions } from '../stack/stack.ts'

const ops = fileURLToPath(new URL('..', import.meta.url))
const services = ['systemd/atelierx.service', 'systemd/atelierx-backup.service', 'aws/host/atelierx-metrics.service']
const timers = ['systemd/atelierx-backup.timer', 'aws/host/atelierx-metrics.timer']
const programs = ['bin/node', 'ops/postgres/backup', 'ops/aws/host/metrics'].map(
  (name) => `opt/atelierx/current/${name}`,
)
const analyze = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

test('npm start, the local stack and the unit give Node the same options', async () => {
  const { scripts } = JSON.parse(await readFile(join(ops, '../package.json'), 'utf8')) as { scripts: { start: string } }
  const unit = await readFile(join(ops, 'systemd/atelierx.service'), 'utf8')
  const command = `node ${nodeOptions.join(' ')} ops/start.ts`
  expect(scripts.start).toBe(`exec ${command}`)
  expect(unit).toContain(`/bin/${command}\n`)
})

describe.skipIf(spawnSync('systemd-analyze', ['--version']).error)('with systemd', () => {
  let root: string

  beforeAll(() => {
    // A root folder with the programs of the units, which are not installed here.
    root = mkdtempSync(join(tmpdir(), 'atelierx-'))
    for (const name of [...services, ...timers])
      cpSync(join(ops, name), join(root, 'etc/systemd/system', basename(name)))
    for (const path of [...programs, 'usr/bin/curl']) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), '', { mode: 0o755 })
    }
    cpSync('/lib/systemd/system', join(root, 'lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  })
  afterAll(() => rmSync(root, { recursive: true }))

  test.each([...services, ...timers])('%s is valid', (name) => {
    expect(analyze('verify', `--root=${root}`, basename(name))).toEqual({ status: 0, output: '' })
  })

  test.each(services)('%s exposes little', (name) => {
    expect(analyze('security', '--offline=true', '--threshold=20', join(ops, name)).status).toBe(0)
  })
})
