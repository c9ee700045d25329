import postgres from 'postgres'

class DeadlineMissed extends Error {}

/** The result, or a rejection once the limit has passed. */
export const withDeadline = async <Result>(limitMs: number, result: Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    const miss = () => reject(new DeadlineMissed(`No answer within ${limitMs} ms`))
    // Timers run before input is read: an answer that has arrived by now still counts.
    timer = setTimeout(() => setImmediate(miss), limitMs)
  })
  try {
    return await Promise.race([result, deadline])
  } finally {
    clearTimeout(timer)
  }
}

const isCanceled = (error: unknown): boolean => error instanceof postgres.PostgresError && error.code === '57014'

/** True if a task took too long, by the server's limit (57014) or ours. */
export const isTimeout = (error: unknown): boolean => error instanceof DeadlineMissed || isCanceled(error)

/** True if the server did not answer at all, not even that its own limit had passed. */
export const isUnanswered = (error: unknown): boolean => error instanceof DeadlineMissed

/**
 * True if the connection or the server failed and not the statement: it is starting, stopping, read-only or refuses the
 * login.
 */
export const isConnectionError = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? /^(08|28|53|57P|3D000|55000|25006)/.test(error.code)
    : error instanceof DeadlineMissed || Boolean((error as { code?: string }).code)
