import { existsSync } from 'node:fs'

/** Something that whoever runs the program can mend: its message is one line and names the fix. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** Runs a command line, which returns its exit status. A problem is printed as its one line, a bug with its stack; both end with 1. */
export const main = async (command: () => Promise<number | void>): Promise<void> => {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env')
    process.exitCode = (await command()) ?? 0
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error)
    process.exitCode = 1
  }
}
