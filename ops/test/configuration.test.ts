import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { netnsExec } from './hosts.ts'

test('nginx accepts the configuration of the balancer', async () => {
  const output = await run(netnsExec('balancer'), 'sh', '-c', 'nginx -t 2>&1')
  expect(output).toMatch(/syntax is ok[^]*test is successful/)
  expect(output).not.toContain('[warn]')
})

const hasLint = spawnSync('cfn-lint', ['--version']).status === 0

test.skipIf(!hasLint)(`cfn-lint accepts the template${hasLint ? '' : ' (pip install cfn-lint)'}`, () => {
  const { status, stdout } = spawnSync('cfn-lint', ['ops/aws/template.yaml'], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
