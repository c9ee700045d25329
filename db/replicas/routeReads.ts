import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, Unavailable } from '../../handlers/database.ts'
import { bytesBetween, type ServerQuery, lastPosition, type WalPosition, parseWalPosition } from './walPosition.ts'
import { isTimeout, isUnanswered } from '../pool/deadline.ts'
import type { Replica } from './followReplica.ts'

/**
 * A primary whose reads are answered by replicas. A read shows every write that was acknowledged before it, by any
 * process.
 */
export type Replicas = {
  readonly db: Db
  /**
   * A database whose reads show at least the writes up to a token, and may otherwise be ten seconds old: it does not
   * ask the primary for its position. A text that is no token has no effect.
   */
  readonly readAt: (token: string) => Db
  /** The token of all writes until now, undefined if the primary cannot be asked. */
  readonly currentToken: () => Promise<string | undefined>
  readonly lags: () => readonly ReplicaLag[]
}

/** The bytes of WAL that a replica had yet to replay when it was last asked; undefined if it is left out. */
export type ReplicaLag = { readonly replica: string; readonly bytes: number | undefined }

/** The minimum position of replicas is the primary's of one interval ago. */
const defaultIntervalMs = 5000

/**
 * Routes reads to replicas. A read first asks the primary for its flushed position; a replica that has replayed it
 * answers, and the primary if there is none.
 */
export const routeReads = (
  replicas: readonly Replica[],
  primary: Db,
  queryPosition: ServerQuery,
  signal: AbortSignal,
  intervalMs = defaultIntervalMs,
): Replicas => {
  let flushed: WalPosition | undefined
  let minimumPosition: WalPosition = lastPosition
  let nextMinimum: WalPosition | undefined
  let last = 0

  const flushedPosition: ServerQuery = async () => {
    const position = await queryPosition()
    flushed = position ?? flushed
    return position
  }
  // A replica that lags behind further is not used, whatever position a read asks for.
  const raiseMinimum = async (): Promise<void> => {
    while (!signal.aborted) {
      const now = await flushedPosition().catch(() => undefined)
      if (now !== undefined) {
        minimumPosition = nextMinimum ?? now
        nextMinimum = now
      }
      await sleep(nextMinimum === undefined ? 100 : intervalMs, undefined, { ref: false })
    }
  }
  const choose = (position: WalPosition): Replica | undefined => {
    for (let tries = 0; tries < replicas.length; tries += 1) {
      last = (last + 1) % replicas.length
      const replica = replicas[last]
      if (replica?.hasReplayed(position)) return replica
    }
    return undefined
  }
  const atLeastMinimum = (position: WalPosition): WalPosition =>
    position > minimumPosition ? position : minimumPosition

  const chooseUpToDate = async (): Promise<Replica | undefined> => {
    const replica = choose(minimumPosition)
    if (!replica) return undefined
    const position = await flushedPosition().catch(() => undefined)
    return position !== undefined && (await replica.checkReplayed(position)) ? replica : undefined
  }
  const reader =
    (findReplica: () => Promise<Replica | undefined> | Replica | undefined): Db['get'] =>
    async (lookup, key) => {
      const replica = await findReplica()
      if (!replica) return primary.get(lookup, key)
      return replica.db.get(lookup, key).catch(async (error: unknown) => {
        if (await isOverload(error, replica)) throw error
        return primary.get(lookup, key)
      })
    }

  void raiseMinimum()
  const db: Db = { ...primary, get: reader(chooseUpToDate) }
  return {
    db,
    readAt: (token) => {
      const position = parseWalPosition(token)
      return position === undefined ? db : { ...primary, get: reader(() => choose(atLeastMinimum(position))) }
    },
    currentToken: () => flushedPosition().catch(() => undefined),
    lags: () =>
      replicas.map(({ name, replayedPosition }) => {
        const replayed = replayedPosition()
        return { replica: name, bytes: replayed && flushed ? bytesBetween(replayed, flushed) : undefined }
      }),
  }
}

/**
 * True if a healthy replica is overloaded or its statement timed out: the primary would fare no better. A replica that
 * did not answer at all may be dead, so it is asked.
 */
const isOverload = async (error: unknown, replica: Replica): Promise<boolean> => {
  if (!(error instanceof Unavailable)) return false
  if (error.cause === undefined) return replica.isHealthy()
  return isTimeout(error.cause) && (!isUnanswered(error.cause) || (await replica.checkHealthy()))
}
