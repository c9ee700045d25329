import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, Unavailable } from '../../handlers/database.ts'
import { type Ask, lastLsn, type Lsn, readLsn } from './walPosition.ts'
import { isMissedDeadline, isSilence } from '../deadline.ts'
import type { Replica } from './followReplica.ts'

/**
 * A primary with replicas that read in its place. Whatever its reads show, no acknowledged write is missing from it,
 * whoever wrote it and wherever.
 */
export type Replicas = {
  readonly db: Db
  /**
   * The same for a read that needs no more than what was written up to a place in the log, and else may be up to ten
   * seconds old: it spares the question to the primary. Text that names no place is as if it were not there.
   */
  readonly readAt: (token: string) => Db
  /** The place in the log behind all that was written until now, unless the primary cannot be asked. */
  readonly currentToken: () => Promise<string | undefined>
}

/** How often the position that all replicas must have replayed is raised to where the primary was one interval ago. */
const defaultIntervalMs = 5000

/**
 * Lets replicas read for a primary. A read first asks how far the log is written; then a replica answers it, or the primary
 * where none has replayed as much.
 */
export const readFrom = (
  replicas: readonly Replica[],
  primary: Db,
  written: Ask,
  signal: AbortSignal,
  intervalMs = defaultIntervalMs,
): Replicas => {
  let minimumPosition: Lsn = lastLsn
  let nextMinimum: Lsn | undefined
  let turn = 0

  // One that lags behind by more than a while is left out, whatever a read would put up with.
  const raiseMinimum = async (): Promise<void> => {
    while (!signal.aborted) {
      const now = await written().catch(() => undefined)
      if (now !== undefined) {
        minimumPosition = nextMinimum ?? now
        nextMinimum = now
      }
      await sleep(nextMinimum === undefined ? 100 : intervalMs, undefined, { ref: false })
    }
  }
  const next = (lsn: Lsn): Replica | undefined => {
    for (let tries = 0; tries < replicas.length; tries += 1) {
      turn = (turn + 1) % replicas.length
      const replica = replicas[turn]
      if (replica?.hasReplayed(lsn)) return replica
    }
    return undefined
  }
  const latest = (lsn: Lsn): Lsn => (lsn > minimumPosition ? lsn : minimumPosition)

  const upToDate = async (): Promise<Replica | undefined> => {
    const replica = next(minimumPosition)
    if (!replica) return undefined
    const lsn = await written().catch(() => undefined)
    return lsn !== undefined && (await replica.checkReplayed(lsn)) ? replica : undefined
  }
  const reader =
    (choose: () => Promise<Replica | undefined> | Replica | undefined): Db['get'] =>
    async (lookup, key) => {
      const replica = await choose()
      if (!replica) return primary.get(lookup, key)
      return replica.db.get(lookup, key).catch(async (error: unknown) => {
        if (await isTooMuch(error, replica)) throw error
        return primary.get(lookup, key)
      })
    }

  void raiseMinimum()
  const db: Db = { ...primary, get: reader(upToDate) }
  return {
    db,
    readAt: (text) => {
      const lsn = readLsn(text)
      return lsn === undefined ? db : { ...primary, get: reader(() => next(latest(lsn))) }
    },
    currentToken: () => written().catch(() => undefined),
  }
}

/**
 * Whether a replica that works was given more than it can do: the primary answers what a replica cannot, but what is too
 * much for one, or takes it too long, would be so for the primary. One that let its own deadline pass may be dead.
 */
const isTooMuch = async (error: unknown, replica: Replica): Promise<boolean> => {
  if (!(error instanceof Unavailable)) return false
  if (error.cause === undefined) return replica.isHealthy()
  return isMissedDeadline(error.cause) && (!isSilence(error.cause) || (await replica.answers()))
}
