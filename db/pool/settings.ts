import type { Sql } from '../client.ts'

const checked = new Set<string>()

/**
 * Runs a task after comparing, once for each server, the settings of the session with those asked for: a pooler drops
 * or refuses them, and statements would be slow or without a limit. What is wrong is printed, with its remedy.
 */
export const withSettingsChecked = (url: string, settings: Settings) => {
  const { host, pathname, username } = new URL(url)
  const name = `${username}@${host}${pathname}`
  const complain = (text: string): void => {
    if (!checked.has(name)) console.error(text)
    checked.add(name)
  }
  const check = async (sql: Sql): Promise<void> => {
    try {
      const lost = await findLost(sql, settings)
      if (lost.length > 0) complain(describeLost(lost, decodeURIComponent(username)))
      checked.add(name)
    } catch (error) {
      if (/unsupported startup parameter/.test(String(error))) complain(`${String(error)}: ${refusal}`)
      throw error
    }
  }
  return <Result>(sql: Sql, task: (sql: Sql) => Promise<Result>): Promise<Result> =>
    checked.has(name) ? task(sql) : check(sql).then(() => task(sql))
}

const refusal = 'PgBouncer refuses the settings of the API: add pgbouncer=true to the URL of the database.'

type Settings = Readonly<Record<string, string | number>>
type Setting = readonly [name: string, value: string | number]

const findLost = async (sql: Sql, settings: Settings): Promise<Setting[]> => {
  const names = Object.keys(settings)
  const [row] = await sql.unsafe<Record<string, string>[]>(
    `select ${names.map((name) => `current_setting('${name}') as ${name}`).join()}`,
  )
  // A limit may be another one, as that of the role.
  const isLost = ([name, value]: Setting) => row?.[name] === '0' || (typeof value === 'string' && row?.[name] !== value)
  return Object.entries(settings).filter(isLost)
}

const describeLost = (lost: readonly Setting[], user: string): string => {
  const role = `"${user.replaceAll('"', '""')}"`
  const names = lost.map(([name]) => name).join(', ')
  const remedy = lost.map(([name, value]) => `alter role ${role} set ${name} = '${value}';`).join(' ')
  return (
    `A pooler drops the settings ${names}, without which statements are slow or have no limit: ` +
    `give them to the role of the API, and then let the pooler reconnect. ${remedy}`
  )
}
