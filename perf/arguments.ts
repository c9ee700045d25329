import { parseArgs, type ParseArgsConfig } from 'node:util'
import { Problem } from '../db/problem.ts'

/** The options of a command line. Rejects others, and says which command names those that there are. */
export const readOptions = <const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  options: Options,
) => {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: ${command} -- --help shows what there is.`)
  }
}

/** The number that an option gives. */
export const whole = (name: string, text: string): number => {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Problem(`--${name} is ${text}: give it a whole number from 1.`)
  return Number(text)
}

/** The text that names some of a list, and those of the list whose name has it in it. */
export const chosenBy = <Item extends { readonly operation: string }>(text: string, all: readonly Item[]): Item[] => {
  const chosen = all.filter(({ operation }) => operation.includes(text))
  if (chosen.length > 0) return chosen
  throw new Problem(`--only ${text} leaves nothing of ${all.map(({ operation }) => operation).join(', ')}.`)
}
