import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'

const execute = promisify(execFile)

/** The k6 on the PATH or of `go install`, from version 1.0, which reads TypeScript; undefined if there is none. */
export const findK6 = async (): Promise<string | undefined> => {
  for (const program of ['k6', join(process.env.GOBIN ?? join(homedir(), 'go', 'bin'), 'k6')]) {
    const { stdout } = await execute(program, ['version']).catch(() => ({ stdout: '' }))
    if (/^k6(?:\.exe)? v[1-9]/.test(stdout)) return program
  }
  return undefined
}

export const requireK6 = async (): Promise<string> => {
  const k6 = await findK6()
  if (k6) return k6
  throw new UserError(
    'There is no k6: go install go.k6.io/k6@v1.8.1 builds it in some minutes, or see https://grafana.com/docs/k6/.',
  )
}
