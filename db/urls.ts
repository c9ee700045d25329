import { UserError } from './commandLine.ts'

const shape = 'postgres://user:password@host:5432/database'

/** The URL of a database, if it is one. */
export const checkedUrl = (variable: string, url: string): string => {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    throw new UserError(`${variable} is not a PostgreSQL URL: write it as ${shape}.`)
  return url
}

/** The URLs of the replicas that `DATABASE_READ_URLS` names, separated by commas. */
export const readUrlsOf = (env: NodeJS.ProcessEnv): string[] => {
  const urls = (env.DATABASE_READ_URLS ?? '').split(',').map((url) => url.trim())
  return urls.filter((url) => url !== '').map((url) => checkedUrl('A part of DATABASE_READ_URLS', url))
}
