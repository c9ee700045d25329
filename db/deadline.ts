import postgres from 'postgres'

class DeadlineMissed extends Error {}

/** What a task gives, unless it takes longer: then it rejects, and what the task gives is lost. */
export const within = async <Result>(limitMs: number, result: Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    const miss = () => reject(new DeadlineMissed(`No answer within ${limitMs} ms`))
    // Behind what has arrived: a busy loop comes to its timers before it reads.
    timer = setTimeout(() => setImmediate(miss), limitMs)
  })
  try {
    return await Promise.race([result, deadline])
  } finally {
    clearTimeout(timer)
  }
}

const codeOf = (error: unknown): string => (error instanceof postgres.PostgresError ? error.code : '')

/** Whether a task took too long, for the server (57014) or for who waits for it. It would take as long again. */
export const isMissedDeadline = (error: unknown): boolean =>
  error instanceof DeadlineMissed || codeOf(error) === '57014'

/** Whether a server said nothing at all within a deadline, not even that its own had passed. */
export const isSilence = (error: unknown): boolean => error instanceof DeadlineMissed

/**
 * Whether what went wrong is the connection, or a server that is going or coming, refuses the login, or only reads by
 * now, and not the statement.
 */
export const isConnectionError = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? /^(08|28|53|57P|3D000|55000|25006)/.test(error.code)
    : error instanceof DeadlineMissed || Boolean((error as { code?: string }).code)
