import { UserError } from './commandLine.ts'

const shape = 'postgres://user:password@host:5432/database'

/** The URL, or a `UserError` that names its variable if it is not one of PostgreSQL. */
export const checkUrl = (variable: string, url: string): string => {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    throw new UserError(`${variable} is not a PostgreSQL URL: write it as ${shape}.`)
  return url
}

/** The replicas of `DATABASE_READ_URLS`, which are separated by commas. */
export const readReplicaUrls = (env: NodeJS.ProcessEnv): string[] => {
  const urls = (env.DATABASE_READ_URLS ?? '').split(',').map((url) => url.trim())
  return urls.filter((url) => url !== '').map((url) => checkUrl('A part of DATABASE_READ_URLS', url))
}
