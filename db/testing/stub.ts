import type { Command, Db, Lookup } from '../../handlers/database.ts'

type AnyStatement = Lookup<never, unknown> | Command<never, unknown>

/** The answer of a statement: a value, or a function of the key. */
type Answering<Statement> =
  Statement extends Lookup<infer Key, infer Answer>
    ? Answer | ((key: Key) => Answer)
    : Statement extends Command<infer Key, infer Answer>
      ? Answer | ((key: Key) => Answer)
      : never

/**
 * A database of pairs, `stub([metaOf, { product_id: '1', ... }])`: each lookup or command with what it answers, or a
 * function of the key. It rejects whatever else is asked, and says what that was. Pairs, as an object is no key of
 * another.
 */
export const stub = <const Statements extends readonly AnyStatement[]>(
  ...answers: { readonly [Place in keyof Statements]: readonly [Statements[Place], Answering<Statements[Place]>] }
): Db => {
  const known = new Map<unknown, unknown>(answers)
  const ask = async (statement: AnyStatement, key: unknown): Promise<unknown> => {
    if (!known.has(statement)) throw new Error(unexpected(statement, key, [...known.keys()] as AnyStatement[]))
    const answer = known.get(statement)
    return typeof answer === 'function' ? answer(key) : answer
  }
  return {
    get: async (lookup, key) => {
      const answer = await ask(lookup, key)
      return (answer === undefined ? undefined : JSON.stringify(answer)) as never
    },
    run: async (command, key) => ask(command, key) as never,
  }
}

const unexpected = (statement: AnyStatement, key: unknown, expected: readonly AnyStatement[]): string =>
  [
    `The stub has no answer for this ${describe(statement)}`,
    `asked with ${JSON.stringify(key)}.`,
    expected.length === 0 ? 'It has no answers at all.' : 'It has answers for:',
    ...expected.map(describe),
  ].join('\n')

const describe = ({ kind, sql }: AnyStatement): string => `${kind}: ${sql}`
