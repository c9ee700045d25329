import type { Db } from '../database.ts'
import { type Endpoint, run } from '../endpoint.ts'
import { endpoints } from '../index.ts'

export type Name = keyof typeof endpoints

/** Runs an endpoint with its example, some of whose fields are replaced. */
export const call = (db: Db, name: Name, input: object): Promise<unknown> =>
  run(endpoints[name] as Endpoint, db, { ...endpoints[name].example, ...input })
