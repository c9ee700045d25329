import { parseArgs } from 'node:util'
import { Problem } from './problem.ts'

/** An option of a command: what `--help` says of it, and its default, whose type is that of its value. */
type Option = { readonly about: string; readonly default: string | number | boolean }

type Values<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name]['default'] extends number
    ? number
    : Options[Name]['default'] extends boolean
      ? boolean
      : string
}

/**
 * Reads a command line. Prints the help that `--help` asks for and returns undefined; throws a `Problem` that names the
 * mistake and its fix. Numbers are whole and at least 1.
 */
export const readCommandLine = <const Options extends Readonly<Record<string, Option>>>(
  usage: string,
  about: string,
  options: Options,
  args: readonly string[] = process.argv.slice(2),
): { values: Values<Options>; words: readonly string[] } | undefined => {
  const types = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { type: parsedType(option.default) }]),
  )
  const { values: texts, positionals: words } = parse(usage, args, { ...types, help: { type: 'boolean' } })
  if (texts.help === true) {
    console.log(`${usage}\n\n${about}\n\n${describe(options)}`)
    return undefined
  }
  const values = Object.entries(options).map(([name, option]) => {
    const text = texts[name]
    if (text === undefined) return [name, option.default]
    return [name, typeof option.default === 'number' ? toNumber(name, String(text)) : text]
  })
  return { values: Object.fromEntries(values) as Values<Options>, words }
}

const parsedType = (value: Option['default']) => (typeof value === 'boolean' ? 'boolean' : 'string')

const parse = (usage: string, args: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const command = /^npm run \S+/.exec(usage)?.[0] ?? usage
    throw new Problem(`${(error as Error).message.split('. ')[0]}: ${command} -- --help shows what there is.`)
  }
}

const toNumber = (name: string, text: string): number => {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new Problem(`--${name} is ${text}: give it a whole number from 1.`)
}

const describe = (options: Readonly<Record<string, Option>>): string =>
  Object.entries({ ...options, help: { about: 'shows this', default: false } })
    .map(([name, { about, default: value }]) => {
      const sort = { number: ' N', string: ' TEXT', boolean: '' }[typeof value as 'number' | 'string' | 'boolean']
      return `  --${(name + sort).padEnd(16)}${about}${value ? ` (${value})` : ''}`
    })
    .join('\n')
