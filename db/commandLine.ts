import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** A mistake of whoever runs a command: its message is one line that names the fix. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/**
 * Runs a command, with the variables of `.env`, and exits with the status that it returns. A `UserError` is printed as
 * its line, a bug with its stack; both exit with 1.
 */
export const main = async (command: () => Promise<number | void>): Promise<void> => {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env')
    process.exitCode = (await command()) ?? 0
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}

/** A path of the command line, absolute: npm runs scripts in the project's folder, not where it was called. */
export const resolvePath = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

let firstSignal: Promise<void> | undefined

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP after the first call. From then on none of them ends the process: a
 * second Ctrl-C, or one that npm passes on, must not cut short how the first one is handled.
 */
export const interrupted = (): Promise<void> =>
  (firstSignal ??= new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve())
  }))

/** The result of a task, or a `UserError` when the process is interrupted first. */
export const unlessInterrupted = <Result>(task: Promise<Result>): Promise<Result> =>
  Promise.race([task, interrupted().then(() => Promise.reject(new UserError('Interrupted.')))])

/** An option of a command: its description and its default, whose type is that of its value. Numbers are integers. */
type Option = {
  readonly about: string
  readonly default: string | number | boolean
  /** The placeholder of its value in the help: `FILE`. */
  readonly value?: string
  /** 1 by default. */
  readonly min?: number
  readonly max?: number
}
type Options = Readonly<Record<string, Option>>

type Values<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name]['default'] extends number
    ? number
    : Of[Name]['default'] extends boolean
      ? boolean
      : string
}

/**
 * The options and words of a command line, or undefined after printing the help that `--help` asks for. A `UserError`
 * names the mistake and its fix. Words are refused where the usage names none (`<folder>`).
 */
export const readCommandLine = <const Of extends Options>(
  usage: string,
  about: string,
  options: Of,
  args: readonly string[] = process.argv.slice(2),
): { values: Values<Of>; words: readonly string[] } | undefined => {
  const { values: texts, positionals: words } = parse(usage, options, args)
  if (texts.help === true) {
    console.log(`${usage}\n\n${about}\n\n${describe(options)}`)
    return undefined
  }
  const values = Object.entries(options).map(([name, option]) => {
    const text = texts[name]
    if (text === undefined) return [name, option.default]
    return [name, typeof option.default === 'number' ? integerOption(name, String(text), option) : text]
  })
  return { values: Object.fromEntries(values) as Values<Of>, words }
}

const parse = (usage: string, options: Options, args: readonly string[]) => {
  const types: Record<string, { type: 'string' | 'boolean' }> = { help: { type: 'boolean' } }
  for (const [name, option] of Object.entries(options))
    types[name] = { type: typeof option.default === 'boolean' ? 'boolean' : 'string' }
  try {
    return parseArgs({ args: [...args], options: types, allowPositionals: usage.includes('<') })
  } catch (error) {
    const command = /^npm run \S+/.exec(usage)?.[0] ?? usage
    throw new UserError(`${(error as Error).message.split('. ')[0]}: ${command} -- --help shows what there is.`)
  }
}

const integerOption = (name: string, text: string, { min = 1, max }: Option): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= (max ?? 999_999_999)) return value
  const range = max === undefined ? `from ${min}` : `from ${min} to ${max}`
  throw new UserError(`--${name} is ${text}: give it a whole number ${range}.`)
}

const describe = (options: Options): string =>
  Object.entries<Option>({ ...options, help: { about: 'shows this', default: false } })
    .map(([name, { about, default: value, value: placeholder = typeof value === 'number' ? 'N' : 'TEXT' }]) => {
      const label = typeof value === 'boolean' ? name : `${name} ${placeholder}`
      return `  --${label.padEnd(16)}${about}${value && value !== Infinity ? ` (${value})` : ''}`
    })
    .join('\n')
