import { buildSql } from '../../handlers/buildSql.ts'
import type { Db, Lookup } from '../../handlers/database.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import type { Sql } from '../client.ts'

/** A lookup or a command, and a key of it. */
export type Asked = { readonly lookup: Lookup<object, unknown>; readonly key: object }

/** The lookups and commands of an endpoint for an input, in order, if each has no answer. */
export const askedBy = async (endpoint: Endpoint, input: object): Promise<Asked[]> => {
  const asked: Asked[] = []
  const ask = async (lookup: unknown, key: unknown) => {
    asked.push({ lookup: lookup as Lookup<object, unknown>, key: key as object })
    return undefined as never
  }
  const db: Db = { get: ask, run: ask }
  await endpoint.handle(db, endpoint.input.parse(input))
  return asked
}

/** A node of a plan, with its buffer counts. */
export type Plan = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Sort Key'?: readonly string[]
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly Plan[]
}

/** All nodes of a plan. */
export const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The plan of a statement as it is prepared for handlers; `analyze, buffers` run it. */
export const explain = async (sql: Sql, { lookup, key }: Asked, options = ''): Promise<Plan> => {
  const { text, parameters } = buildSql(lookup, [key])
  await sql.unsafe(`prepare asked as ${text}`)
  try {
    const [row] = await sql.unsafe<{ 'QUERY PLAN': string }[]>(
      `explain (format json${options && `, ${options}`}) execute asked (${parameters.map(quoted).join(', ')})`,
    )
    const [{ Plan }] = JSON.parse(row!['QUERY PLAN']) as [{ Plan: Plan }]
    return Plan
  } finally {
    await sql`deallocate asked`.simple()
  }
}

/** The number of pages of tables and indexes that a statement reads. */
export const pagesReadBy = async (sql: Sql, asked: Asked): Promise<number> => {
  const plan = await explain(sql, asked, 'analyze, buffers')
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)
}
