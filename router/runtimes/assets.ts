import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ReadAsset } from '../docs.ts'

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

/** Reads a file of the installed `swagger-ui-dist`. */
export const readAsset: ReadAsset = (name) => readFile(join(folder, name))
