import { UserError } from '../db/commandLine.ts'

/** The admin addresses in `ATELIER_BALANCERS`, separated by commas. A `UserError` names one that is not a URL. */
export const readBalancers = (env: NodeJS.ProcessEnv): string[] => {
  const urls = (env.ATELIER_BALANCERS ?? '').split(',').flatMap((url) => url.trim() || [])
  const invalid = urls.find((url) => !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
  if (invalid !== undefined)
    throw new UserError(
      `ATELIER_BALANCERS names ${invalid}, which is no URL: write them as http://127.0.0.1:8081, separated by commas.`,
    )
  return urls
}

/**
 * Invalidates all cached answers of balancers. Their reads come from replicas that have replayed the WAL position of
 * the token. A `UserError` names a balancer that did not do it.
 */
export const invalidateAnswers = async (balancers: readonly string[], consistencyToken: string): Promise<void> => {
  for (const balancer of balancers) {
    const failure = await fetch(new URL('/invalidate', balancer), {
      method: 'POST',
      headers: { 'Consistency-Token': consistencyToken },
      signal: AbortSignal.timeout(10_000),
    }).then(
      ({ ok, status }) => (ok ? undefined : `status ${status}`),
      (error: Error) => (error.cause as Error | undefined)?.message ?? error.message,
    )
    if (failure !== undefined)
      throw new UserError(
        `The new data is live, but the balancer at ${balancer} still answers from the old (${failure}): ` +
          'correct ATELIER_BALANCERS or start it, and give the same command again.',
      )
  }
}
