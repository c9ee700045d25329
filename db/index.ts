import { client } from './client.ts'
import { migrate as applyMigrations } from './migrate.ts'

export { connect, type Connected } from './connect.ts'

/** Brings the database at a URL up to date, or fails with what stands in the way; returns the migrations that it lacked. */
export const migrate = async (url: string): Promise<string[]> => {
  const sql = client(url, { max: 1 })
  try {
    return await applyMigrations(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
