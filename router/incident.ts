/** A bug that a request met: `error` is what was thrown, and the caller was told nothing but the id. */
export type Incident = {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly error: unknown
}

/** Writes an incident to standard error, as one line of JSON. */
export const logIncident = ({ error, ...request }: Incident): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.error(JSON.stringify({ level: 'error', ...request, error: text }))
}
