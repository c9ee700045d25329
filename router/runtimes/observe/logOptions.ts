import { UserError } from '../../../db/commandLine.ts'

export type LogOptions = {
  /** The share of successful requests that are logged, 0 to 1; undefined logs none, nor those that fail. */
  readonly sample: number | undefined
  readonly isPretty: boolean
}

/**
 * The options in an environment: in production each request is logged, or the share `ATELIER_LOG_SAMPLE` of those that
 * succeed, as JSON. Otherwise it is pretty, and only with that variable. Throws a `UserError` if it is no number.
 */
export const readLogOptions = ({ ATELIER_LOG_SAMPLE: text, NODE_ENV }: NodeJS.ProcessEnv): LogOptions => {
  const isProduction = NODE_ENV === 'production'
  if (text && !/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) {
    throw new UserError(`ATELIER_LOG_SAMPLE is ${text}: set it to a share of requests from 0 to 1, such as 0.01.`)
  }
  return { sample: text ? Number(text) : isProduction ? 1 : undefined, isPretty: !isProduction }
}
