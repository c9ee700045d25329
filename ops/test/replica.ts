import { writeFile } from 'node:fs/promises'
import { findInstallation } from '../../db/embedded/installation.ts'
import { startServer } from '../../db/embedded/server.ts'

// Starts PostgreSQL on the replica host: node replica.ts <folder with a copy> <address> <url of the primary> <delay>
const [folder = '', address = '', upstream = '', delay = ''] = process.argv.slice(2)
const { hostname, username, password, searchParams } = new URL(upstream)
const names = { host: hostname, user: username, password, ...Object.fromEntries(searchParams) }
const data = `${folder}/postgres`
await writeFile(`${data}/standby.signal`, '')
await startServer(await findInstallation(folder), {
  listen_addresses: address,
  hba_file: `${folder}/../database/pg_hba.conf`,
  ident_file: `${folder}/../database/pg_ident.conf`,
  max_connections: '200',
  primary_conninfo: Object.entries(names)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
  recovery_min_apply_delay: delay,
})
