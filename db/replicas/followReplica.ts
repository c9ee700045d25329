import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../handlers/database.ts'
import {
  type ServerQuery,
  queryIdentity,
  queryReplayedPosition,
  firstPosition,
  type WalPosition,
} from './walPosition.ts'
import { UserError } from '../commandLine.ts'
import type { Pool } from '../pool/pool.ts'

/** A streaming replica whose replayed WAL position is polled. */
export type Replica = {
  readonly name: string
  readonly db: Db
  /** Its position at the last poll; undefined while it is not healthy. */
  readonly replayedPosition: () => WalPosition | undefined
  /** False while it is down, promoted, or a copy of another database. */
  readonly isHealthy: () => boolean
  /** True if the last poll was at or after the position. */
  readonly hasReplayed: (position: WalPosition) => boolean
  /** The same, asking the replica if the last poll was before. */
  readonly checkReplayed: (position: WalPosition) => Promise<boolean>
  /** Asks the replica if it is healthy now. */
  readonly checkHealthy: () => Promise<boolean>
}

export type ReplicaOptions = {
  /** Its name in the log. */
  readonly name: string
  readonly db: Db
  /** Opens the pool for polling; calls back when its connection closes. */
  readonly openProbe: (onClose: () => void) => Pool
  readonly primaryIdentity: ServerQuery
}

/** Polls a replica until the signal is aborted. Logs when it becomes unhealthy and when it is back. */
export const followReplica = (
  { name, db, openProbe, primaryIdentity }: ReplicaOptions,
  signal: AbortSignal,
): Replica => {
  let replayed: WalPosition | undefined
  // A replica that recovers from a crash may for a moment have replayed less than before.
  const pool = openProbe(() => (replayed = undefined))
  const identity = queryIdentity(pool)
  const replayedPosition = queryReplayedPosition(pool)
  let lastMessage = healthy

  const report = (message: string): void => {
    if (message !== lastMessage && !signal.aborted) console.error(`The replica ${name} ${message}`)
    lastMessage = message
  }
  const checkIdentity = async (): Promise<void> => {
    const [actual, expected] = await Promise.all([identity(), primaryIdentity()])
    if (actual !== expected) throw new UserError('it is no copy of the database of DATABASE_URL')
  }
  const poll = async (): Promise<void> => {
    try {
      if (replayed === undefined) await checkIdentity()
      replayed = await replayedPosition()
      if (replayed === undefined) throw new UserError('it is a primary itself')
      report(healthy)
    } catch (error) {
      replayed = undefined
      report(`is left out: ${readReason(error)}.`)
    }
  }
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await poll()
      await sleep(replayed === undefined ? 500 : 100, undefined, { ref: false })
    }
  }
  const hasReplayed = (position: WalPosition): boolean => replayed !== undefined && replayed >= position

  void follow()
  return {
    name,
    db,
    replayedPosition: () => replayed,
    isHealthy: () => hasReplayed(firstPosition),
    hasReplayed,
    checkReplayed: async (position) => {
      if (!hasReplayed(position)) await poll()
      return hasReplayed(position)
    },
    checkHealthy: async () => {
      await poll()
      return hasReplayed(firstPosition)
    },
  }
}

const healthy = 'answers.'

const readReason = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  return cause?.message || cause?.code || message
}
