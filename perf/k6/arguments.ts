import { readCommandLine, UserError } from '../../db/commandLine.ts'
import { pickOperations } from '../operations.ts'
import { type Profile, type ProfileName, profiles } from './profiles.ts'

const about = `Loads the API with k6 as the visitors of a product page do, checks what it answers, and writes a report.

${Object.entries(profiles)
  .map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
  .join('\n')}`

const options = {
  products: { about: 'products in the shop that is started', default: 1000 },
  url: { about: 'loads the API that runs there and starts none; what is written is written there', default: '' },
  pick: { about: 'only operations whose names hold this, or one of several with commas', default: '' },
  duration: { about: 'seconds that are measured (30; soak 600, break 120)', default: 0 },
  json: { about: 'a file for the summary', default: '' },
} as const

const readUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new UserError('--url takes an address such as http://127.0.0.1:3000, without a password or query.')
  }
  return url.href.replace(/\/$/, '')
}

/** Reads the words after `npm run perf --`; undefined where they ask for help. */
export const readArguments = (args: readonly string[]) => {
  const command = readCommandLine('npm run perf -- <profile> [options]', about, options, args)
  if (!command) return undefined
  const { values, words } = command
  const [name = '', ...rest] = words
  if (!Object.hasOwn(profiles, name) || rest.length > 0) {
    throw new UserError(`Name one profile: ${Object.keys(profiles).join(', ')}.`)
  }
  if (values.pick) pickOperations(values.pick)
  const profile: Profile = profiles[name as ProfileName]
  return {
    ...values,
    name: name as ProfileName,
    profile,
    url: values.url && readUrl(values.url),
    seconds: values.duration || profile.seconds,
  }
}

export type Command = NonNullable<ReturnType<typeof readArguments>>
