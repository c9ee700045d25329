import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UserError } from '../../db/commandLine.ts'

// A command that runs its arguments on a host: ["ip", "netns", "exec", "node-1"].
const on = z.array(z.string().min(1)).readonly()

const DeployTarget = z.strictObject({
  balancer: z.strictObject({ on, admin: z.url({ protocol: /^http$/ }) }),
  database: z.strictObject({ on }),
  nodes: z.array(z.strictObject({ on, address: z.string().regex(/^[\d.]+:\d+$/, 'must be as 10.0.1.11:3000') })).min(1),
  /** Shell commands, with a build as $1. */
  commands: z.strictObject({
    /** Migrates the database; runs on its host. */
    migrate: z.string(),
    /** Prints the build of a node. */
    current: z.string(),
    /** Restarts a node on a build. Returns when it is ready, and fails if it does not become ready. */
    replace: z.string(),
    /** Gives the balancer the `api.lua` of a build; runs on its host. */
    inform: z.string(),
  }),
})

/** The hosts of a deploy, and how to run a command on each. */
export type DeployTarget = z.infer<typeof DeployTarget>
export type Node = DeployTarget['nodes'][number]

/** Reads a target from its file. Rejects with a `UserError` that names the mistake. */
export const readTarget = async (path: string): Promise<DeployTarget> => {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    throw new UserError(`The target ${path} cannot be read (${error.code}): correct its name.`)
  })
  try {
    return DeployTarget.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : 'it is not JSON'
    throw new UserError(`The target ${path} is not valid (${reason}): ops/README.md shows one.`)
  }
}

/** The output of a command on a host. Rejects with the last lines of a command that fails. */
export const run = async (on: readonly string[], ...command: readonly string[]): Promise<string> => {
  const [program = '', ...args] = [...on, ...command]
  return new Promise((resolve, reject) => {
    const options = { timeout: 900_000, maxBuffer: 16 << 20 }
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim())
      const lines = `${stderr}\n${stdout}`.trim().split('\n')
      reject(new Error(lines.slice(-20).join('\n') || error.message))
    })
  })
}

/** The output of a shell command of a target on a host, with a build as $1. */
export const runLine = (on: readonly string[], line: string, build: string): Promise<string> =>
  run(on, 'sh', '-c', line, 'sh', build)
