/** What kept a request from its answer: `error` was thrown, and the caller was told nothing of it but the id. */
export type Incident = {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly error: unknown
}

/** Writes an incident to standard error, as one line of JSON. */
export const logIncident = ({ error, ...request }: Incident): void => {
  console.error(JSON.stringify({ level: 'error', ...request, error: textOf(error) }))
}

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const text = error.stack ?? error.message
  return error.cause === undefined ? text : `${text}\nCaused by ${textOf(error.cause)}`
}
