import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const units = ['atelierx.service', 'atelierx-backup.service', 'atelierx-backup.timer']
const analyze = (...given: string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', given, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe.skipIf(spawnSync('systemd-analyze', ['--version']).error)('with systemd', () => {
  let root: string

  beforeAll(() => {
    // A host with all that the units run, as nothing of it is installed here.
    root = mkdtempSync(join(tmpdir(), 'atelierx-'))
    for (const name of units) cpSync(join(folder, name), join(root, 'etc/systemd/system', name))
    for (const path of ['usr/local/bin/node', 'usr/bin/curl', 'opt/atelierx/current/ops/postgres/backup']) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), '', { mode: 0o755 })
    }
    cpSync('/lib/systemd/system', join(root, 'lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  })
  afterAll(() => rmSync(root, { recursive: true }))

  test.each(units)('%s is without fault', (name) => {
    expect(analyze('verify', `--root=${root}`, name)).toEqual({ status: 0, output: '' })
  })

  test.each(units.slice(0, 2))('%s exposes little', (name) => {
    expect(analyze('security', '--offline=true', '--threshold=20', join(folder, name)).status).toBe(0)
  })
})
