import type { Sql } from '../../db/client.ts'

export type Row = { readonly id: number; helpfulness: number; reported: boolean }
type Review = Row & { readonly product_id: number; readonly rating: number; readonly recommend: boolean }
type Question = Row & { readonly product_id: number }
type Answer = Row & { readonly question_id: number }
type Rating = { readonly characteristic_id: number; readonly value: number }

/** The rows that the database has to hold, as a model; `units` are those of each sku in the cart. */
export type Shop = {
  readonly reviews: Review[]
  readonly questions: Question[]
  readonly answers: Answer[]
  readonly ratings: Rating[]
  readonly units: Map<number, number>
}

export const productIds = [1, 3, 4]
/** The characteristics of the fixture. */
export const characteristics = [
  { id: 1, product_id: 1, name: 'Fit' },
  { id: 2, product_id: 1, name: 'Quality' },
  { id: 3, product_id: 4, name: 'Width' },
]
/** A cart that the fixture leaves empty. */
export const cart = 'c'.repeat(64)

export const readShop = async (sql: Sql): Promise<Shop> => ({
  reviews: await sql<Review[]>`
    select review_id as id, product_id, rating, recommend, helpfulness, reported from reviews order by id`,
  questions: await sql<Question[]>`
    select question_id as id, product_id, question_helpfulness as helpfulness, reported from questions order by id`,
  answers: await sql<Answer[]>`select answer_id as id, question_id, helpfulness, reported from answers order by id`,
  ratings: await sql<Rating[]>`select characteristic_id, value from characteristic_reviews`,
  units: new Map(),
})

/** The id of the row that was added last. */
export const lastId = async (sql: Sql, table: 'reviews' | 'questions' | 'answers'): Promise<number> => {
  const [row] = await sql.unsafe<{ id: number }[]>(`select max(${table.slice(0, -1)}_id) as id from ${table}`)
  return row?.id ?? 0
}

/** The meta of a product, counted one by one. */
export const metaOf = ({ reviews, ratings }: Shop, product: number) => {
  const own = reviews.filter(({ product_id }) => product_id === product)
  const described = characteristics.filter(({ product_id }) => product_id === product)
  const valuesOf = (id: number) =>
    ratings.filter(({ characteristic_id }) => characteristic_id === id).map(({ value }) => value)
  return {
    product_id: String(product),
    ratings: countEach(own.map(({ rating }) => rating)),
    recommended: countEach(own.map(({ recommend }) => recommend)),
    characteristics: Object.fromEntries(
      described.map(({ id, name }) => [name, { id, value: averageOf(valuesOf(id)) }]),
    ),
  }
}

const countEach = (values: readonly (number | boolean)[]): Record<string, string> =>
  Object.fromEntries(
    [...new Set(values)].map((value) => [String(value), String(values.filter((other) => other === value).length)]),
  )

/** Rounded to sixteen decimals, which a floating-point number does not hold. */
const averageOf = (values: readonly number[]): string | null => {
  if (values.length === 0) return null
  const [sum, count] = [BigInt(values.reduce((sum, value) => sum + value, 0)), BigInt(values.length)]
  const digits = String((sum * 10n ** 16n * 2n + count) / (count * 2n))
  return `${digits.slice(0, -16)}.${digits.slice(-16)}`
}
