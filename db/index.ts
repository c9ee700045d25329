import { client } from './client.ts'
import { migrate as applyMigrations } from './migrate.ts'

export { connect, type Database } from './connect.ts'

/** Applies the migrations that the database lacks, and returns their names. */
export const migrate = async (url: string): Promise<string[]> => {
  const sql = client(url, { max: 1 })
  try {
    return await applyMigrations(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
