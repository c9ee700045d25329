import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ReadAsset } from '../pages/docs.ts'

/** Reads a file of `swagger-ui-dist`; undefined if that is not installed, which is checked at each call. */
export const readAsset: ReadAsset = async (name) => {
  try {
    return await readFile(join(dirname(require.resolve('swagger-ui-dist/package.json')), name))
  } catch {
    return undefined
  }
}

const require = createRequire(import.meta.url)
