import { fileURLToPath } from 'node:url'

/** Where the embedded PostgreSQL keeps its data and imports the rows they refused: `ATELIER_DATA`, or `.atelier` in the project. */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.ATELIER_DATA || fileURLToPath(new URL('../.atelier', import.meta.url))
