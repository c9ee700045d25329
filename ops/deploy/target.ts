import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UserError } from '../../db/commandLine.ts'

// What comes before a command to run it on a host: ["ip", "netns", "exec", "node-1"].
const on = z.array(z.string().min(1)).readonly()

const Target = z.strictObject({
  balancer: z.strictObject({ on, admin: z.url({ protocol: /^http$/ }) }),
  database: z.strictObject({ on }),
  nodes: z.array(z.strictObject({ on, address: z.string().regex(/^[\d.]+:\d+$/, 'must be as 10.0.1.11:3000') })).min(1),
  /** Lines of a shell, to which $1 is a build. */
  commands: z.strictObject({
    /** Brings the database up to date with a build; runs on the host of the database. */
    migrate: z.string(),
    /** Prints the build that a node runs. */
    current: z.string(),
    /** Ends a node, and starts it on a build; returns when that is ready, and fails when it does not get so. */
    replace: z.string(),
    /** Gives the balancer what a build says of the API; runs on the host of the balancer. */
    inform: z.string(),
  }),
})

/** Where to deploy to: the hosts, and how to run a command on each. */
export type Target = z.infer<typeof Target>
export type Node = Target['nodes'][number]

/** Reads a target from its file. */
export const readTarget = async (path: string): Promise<Target> => {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    throw new UserError(`The target ${path} cannot be read (${error.code}): correct its name.`)
  })
  try {
    return Target.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : 'it is no JSON'
    throw new UserError(`The target ${path} is not right (${reason}): ops/README.md shows one.`)
  }
}

/** Runs a command on a host and returns what it printed. What it printed when it failed is in the error. */
export const run = async (on: readonly string[], ...command: readonly string[]): Promise<string> => {
  const [program = '', ...given] = [...on, ...command]
  return new Promise((resolve, reject) => {
    const options = { timeout: 900_000, maxBuffer: 16 << 20 }
    execFile(program, given, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim())
      const lines = `${stderr}\n${stdout}`.trim().split('\n')
      reject(new Error(lines.slice(-20).join('\n') || error.message))
    })
  })
}

/** Runs a line of a target on a host, with a build as its $1. */
export const runLine = (on: readonly string[], line: string, build: string): Promise<string> =>
  run(on, 'sh', '-c', line, 'sh', build)
