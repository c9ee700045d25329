import pino, { type DestinationStream, type Logger } from 'pino'
import { describeIncident, type Incident } from '../../incident.ts'
import { parseTraceparent } from '../../requestId.ts'
import type { LogOptions } from './logOptions.ts'
import type { Exchange, Observer } from './observer.ts'

/** The log of a server: its incidents, and a line for each request. */
export type Log = { readonly observer: Observer; readonly incident: (incident: Incident) => void }

/** Opens the log on standard output. */
export const openLog = async ({ sample, isPretty }: LogOptions): Promise<Log> => {
  const pretty = isPretty ? await import('pino-pretty').catch(() => undefined) : undefined
  if (pretty) return createLog(pretty.default({ sync: true }), sample)
  // A write of up to 4 KB to a pipe is not mixed with those of other processes.
  const destination = pino.destination({ dest: 1, sync: false, minLength: 3500, maxWrite: 4096 })
  setInterval(() => destination.flush(), 1000).unref()
  return createLog(destination, sample, () => destination.flush())
}

/** Creates a log that holds ids, times and sizes: no body, header, query or address of a client. */
export const createLog = (destination: DestinationStream, sample = -1, flush = () => {}): Log => {
  const logger = pino({ base: null, formatters: { level: (level) => ({ level }) } }, destination)
  return {
    observer: { onResponse: sample < 0 ? () => {} : (exchange) => logExchange(logger, exchange, sample) },
    incident: (incident) => {
      const { requestId: id, ...described } = describeIncident(incident)
      logger.error({ id, ...described })
      flush()
    },
  }
}

const logExchange = (logger: Logger, { request, status, operation, ms, body }: Exchange, sample: number): void => {
  if (status < 400 && sample < 1 && Math.random() >= sample) return
  const { headers } = request
  const trace = parseTraceparent(headers.traceparent as string | undefined)
  logger.info({
    id: headers['x-request-id'],
    operation,
    status,
    ms: Math.round(ms * 100) / 100,
    bytes: typeof body === 'string' ? Buffer.byteLength(body) : body instanceof Uint8Array ? body.byteLength : 0,
    trace,
  })
}
