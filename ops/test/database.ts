import { writeFile } from 'node:fs/promises'
import { startEmbedded } from '../../db/embedded.ts'

// Run on the database host, whose PostgreSQL outlives it: node database.ts <folder> <address>
const [folder = '', address = ''] = process.argv.slice(2)
const access = `${folder}/pg_hba.conf`
await writeFile(access, 'local all all trust\nhost all all 10.77.0.0/24 trust\n', { mode: 0o644 })
await startEmbedded(folder, { listen_addresses: address, hba_file: access, max_connections: '200' })
