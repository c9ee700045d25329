import { execFile } from 'node:child_process'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'

const execute = promisify(execFile)

const advice =
  'Python 3.10 or newer with venv is needed: apt-get install python3-venv, brew install python, ' +
  'or https://www.python.org/downloads.'

/** The path of the command of Schemathesis. Installs it if it is missing, or if an update is asked for. */
export const findSchemathesis = async (folder: string, isUpdate: boolean): Promise<string> => {
  const command = join(folder, 'bin/st')
  const isInstalled = await stat(command).catch(() => undefined)
  if (isInstalled && !isUpdate) return command
  console.log(`Installing schemathesis from PyPI into ${folder}`)
  await mkdir(folder, { recursive: true })
  const check = 'import sys, venv; sys.exit(sys.version_info < (3, 10))'
  await execute('python3', ['-c', check]).catch(() => {
    throw new UserError(advice)
  })
  try {
    await execute('python3', ['-m', 'venv', folder])
  } catch (error) {
    await rm(folder, { recursive: true })
    throw new UserError(`${advice} (${(error as Error).message.split('\n')[0]})`)
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--upgrade', 'schemathesis']
  await execute(join(folder, 'bin/python'), pip).catch((error: { stderr: string }) => {
    throw new UserError(`schemathesis cannot be installed: ${error.stderr.trim().split('\n').at(-1)}`)
  })
  return command
}

/** The members of a report of Schemathesis that are read here. */
export type FuzzReport = {
  readonly schemathesis_version: string
  readonly complete: boolean
  readonly filtered: number
  readonly test_cases: { readonly generated: number }
  readonly failures: readonly {
    readonly code: string
    readonly title: string
    readonly operations: readonly string[]
  }[]
  readonly errors: readonly unknown[]
  readonly valid_rates: Readonly<Record<string, Readonly<Record<string, { accepted: number; rejected: number }>>>>
}
