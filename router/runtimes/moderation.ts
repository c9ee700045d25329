import { UserError } from '../../db/commandLine.ts'
import { checkUrl } from '../../db/urls.ts'

/**
 * Settings of moderation: the admin token, without which there is none; a database URL with the rights of moderators,
 * by default that of the API; and the number of reports that hides a row, by default 1.
 */
export type Moderation = {
  readonly token?: string | undefined
  readonly url?: string | undefined
  readonly reportsToHide?: number | undefined
}

/** Reads the settings from an environment; a `UserError` names one that is wrong. */
export const readModeration = (env: NodeJS.ProcessEnv): Moderation => {
  const { ATELIER_ADMIN_TOKEN: token, DATABASE_ADMIN_URL: url, ATELIER_REPORTS_TO_HIDE: reports } = env
  if (token && !/^[\x21-\x7e]{16,255}$/.test(token))
    throw new UserError(
      'ATELIER_ADMIN_TOKEN is too short or has blanks: set it to 16 to 255 letters and digits (openssl rand -hex 32).',
    )
  if (reports && !/^[1-9]\d{0,3}$/.test(reports))
    throw new UserError(`ATELIER_REPORTS_TO_HIDE is ${reports}: set it to a number of reports, from 1 to 9999.`)
  return {
    token: token || undefined,
    url: url ? checkUrl('DATABASE_ADMIN_URL', url) : undefined,
    reportsToHide: reports ? Number(reports) : undefined,
  }
}
