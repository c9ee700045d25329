import { UserError } from '../db/commandLine.ts'

/** The admin addresses of the balancers that `ATELIER_BALANCERS` names, separated by commas. A `UserError` says which is none. */
export const balancersIn = (env: NodeJS.ProcessEnv): string[] => {
  const urls = (env.ATELIER_BALANCERS ?? '').split(',').flatMap((url) => url.trim() || [])
  const wrong = urls.find((url) => !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
  if (wrong !== undefined)
    throw new UserError(
      `ATELIER_BALANCERS names ${wrong}, which is no URL: write them as http://127.0.0.1:8081, separated by commas.`,
    )
  return urls
}

/**
 * Has balancers invalidate all answers that they keep, and ask replicas for no older data than is at a place in the log of
 * the database. A `UserError` names the one that could not be told.
 */
export const invalidateAnswers = async (balancers: readonly string[], written: string): Promise<void> => {
  for (const balancer of balancers) {
    const refused = await fetch(new URL('/invalidate', balancer), {
      method: 'POST',
      headers: { 'Consistency-Token': written },
      signal: AbortSignal.timeout(10_000),
    }).then(
      ({ ok, status }) => (ok ? undefined : `status ${status}`),
      (error: Error) => (error.cause as Error | undefined)?.message ?? error.message,
    )
    if (refused !== undefined)
      throw new UserError(
        `The new data is live, but the balancer at ${balancer} still answers from the old (${refused}): correct ATELIER_BALANCERS or start it, and give the same command again.`,
      )
  }
}
