import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../handlers/database.ts'
import { type Ask, askCluster, askReplayed, firstLsn, type Lsn } from './walPosition.ts'
import { UserError } from '../commandLine.ts'
import type { Pool } from '../pool.ts'

/** A streaming replica, of which is known how far it has replayed the log of its primary. */
export type Replica = {
  readonly db: Db
  /** Whether it answers. One that is down, promoted, or a copy of something else is left out until that is mended. */
  readonly isHealthy: () => boolean
  /** Whether it is known to show what was written up to there. */
  readonly hasReplayed: (lsn: Lsn) => boolean
  /** Whether it shows what was written up to there: asks it, unless that is known. */
  readonly checkReplayed: (lsn: Lsn) => Promise<boolean>
  /** Whether it answers now: asks it. */
  readonly answers: () => Promise<boolean>
}

/** What it takes to follow a replica: its name for people, the reads it is for, a pool for questions about itself, and its cluster. */
export type Followed = {
  readonly name: string
  readonly db: Db
  readonly probe: (lost: () => void) => Pool
  readonly cluster: Ask
}

/** Follows a replica of a cluster until it is told to stop. When it is left out, and when it is back, is said on standard error. */
export const followReplica = ({ name, db, probe, cluster }: Followed, signal: AbortSignal): Replica => {
  let replayed: Lsn | undefined
  // One that recovers from a crash may for a moment show less than it did before.
  const pool = probe(() => (replayed = undefined))
  const askOwn = askCluster(pool)
  const ask = askReplayed(pool)
  let said = answers

  const say = (news: string): void => {
    if (news !== said && !signal.aborted) console.error(`The replica ${name} ${news}`)
    said = news
  }
  const mustBeReplica = async (): Promise<void> => {
    const [own, wanted] = await Promise.all([askOwn(), cluster()])
    if (own !== wanted) throw new UserError('it is no copy of the database of DATABASE_URL')
  }
  const look = async (): Promise<void> => {
    try {
      if (replayed === undefined) await mustBeReplica()
      replayed = await ask()
      if (replayed === undefined) throw new UserError('it is a primary itself')
      say(answers)
    } catch (error) {
      replayed = undefined
      say(`is left out: ${reasonOf(error)}.`)
    }
  }
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await look()
      await sleep(replayed === undefined ? 500 : 100, undefined, { ref: false })
    }
  }
  const hasReplayed = (lsn: Lsn): boolean => replayed !== undefined && replayed >= lsn

  void follow()
  return {
    db,
    isHealthy: () => hasReplayed(firstLsn),
    hasReplayed,
    checkReplayed: async (lsn) => {
      if (!hasReplayed(lsn)) await look()
      return hasReplayed(lsn)
    },
    answers: async () => {
      await look()
      return hasReplayed(firstLsn)
    },
  }
}

const answers = 'answers.'

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  return cause?.message || cause?.code || message
}
