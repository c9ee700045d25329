import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { prefix } from './hosts.ts'

test('nginx finds no fault with the configuration of the balancer', async () => {
  const said = await run(prefix('balancer'), 'sh', '-c', 'nginx -t 2>&1')
  expect(said).toMatch(/syntax is ok[^]*test is successful/)
  expect(said).not.toContain('[warn]')
})

const hasLint = spawnSync('cfn-lint', ['--version']).status === 0

test.skipIf(!hasLint)(`cfn-lint finds no fault with the template${hasLint ? '' : ' (pip install cfn-lint)'}`, () => {
  const { status, stdout } = spawnSync('cfn-lint', ['ops/aws/template.yaml'], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
