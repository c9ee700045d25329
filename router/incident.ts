/** A request that failed with an error; the caller learns its id alone. */
export type Incident = {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly error: unknown
}

/** Writes an incident to standard error, as one line of JSON. */
export const logIncident = ({ error, ...request }: Incident): void => {
  console.error(JSON.stringify({ level: 'error', ...request, error: formatError(error) }))
}

const formatError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const text = error.stack ?? error.message
  return error.cause === undefined ? text : `${text}\nCaused by ${formatError(error.cause)}`
}
