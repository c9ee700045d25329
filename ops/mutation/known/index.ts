import { db } from './db.ts'
import { handlers } from './handlers.ts'
import { importer } from './importer.ts'
import { router } from './router.ts'
import type { KnownSurvivor } from './survivor.ts'

/** The mutants that may survive, by the folder of their file. */
export const knownSurvivors: readonly KnownSurvivor[] = [...handlers, ...db, ...router, ...importer]
