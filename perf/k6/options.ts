import { parseArgs } from 'node:util'
import { Problem } from '../../db/problem.ts'
import { names } from './script/mix.ts'
import { type Profile, type ProfileName, profiles } from './script/profiles.ts'

/** What the command can do. */
export const help = `npm run perf -- <profile> [options]

Loads the API with k6 as the visitors of a product page do, checks what it answers, and writes a report.

${Object.entries(profiles)
  .map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
  .join('\n')}

  --products N      how many products the shop has that is started (1000)
  --url URL         loads what runs there, and starts nothing; writes are written there
  --endpoint NAME   asks one operation only, for example getProduct
  --duration N      seconds that are measured (the profile's)
  --warmup N        seconds before that which do not count (10)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  url: { type: 'string' },
  endpoint: { type: 'string', default: '' },
  duration: { type: 'string' },
  warmup: { type: 'string', default: '10' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run perf -- --help shows what there is.`)
  }
}

const whole = (name: string, text: string, least: number): number => {
  if (/^\d{1,8}$/.test(text) && Number(text) >= least) return Number(text)
  throw new Problem(`--${name} is ${text}: give it a whole number from ${least}.`)
}

const addressOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new Problem('--url takes an address such as http://127.0.0.1:3000, without a password or query.')
  }
  return url.href.replace(/\/$/, '')
}

/** What the words after the command ask for: nothing where they ask for help. Times are in seconds. */
export const readOrder = (words: readonly string[]) => {
  const { values, positionals } = readArguments(words)
  const [name = '', ...rest] = positionals
  if (values.help) return undefined
  if (!Object.hasOwn(profiles, name) || rest.length > 0) {
    throw new Problem(`Name one profile: ${Object.keys(profiles).join(', ')}.`)
  }
  if (values.endpoint && !names.some((known) => known === values.endpoint)) {
    throw new Problem(`--endpoint is ${values.endpoint}: there are ${names.join(', ')}.`)
  }
  const profile: Profile = profiles[name as ProfileName]
  return {
    name: name as ProfileName,
    profile,
    products: whole('products', values.products, 1),
    address: values.url === undefined ? undefined : addressOf(values.url),
    endpoint: values.endpoint,
    seconds: whole('duration', values.duration ?? String(profile.seconds), 1),
    warmup: whole('warmup', values.warmup, 0),
    json: values.json,
  }
}

/** What is to be done. */
export type Order = NonNullable<ReturnType<typeof readOrder>>
