import { photoOf } from '../words/addresses.ts'
import {
  closingQuote,
  dearPrice,
  hasSizeTwice,
  parentOf,
  photoId,
  relatedId,
  thumbnailScheme,
  unorderedId,
} from '../defects.ts'
import { productWords, styleName } from '../words/products.ts'
import type { Generation } from '../context.ts'
import type { Thing } from '../words/noun.ts'

/** Writes a product, its features and the products it is related to, and returns its price. */
export const writeProduct = ({ random, sheets, deals, products }: Generation, id: number, thing: Thing): number => {
  const { below, chance, pick } = random
  const { name, slogan, description } = productWords(random, thing)
  const price = dearPrice(id, 5 + below(below(4) === 0 ? 995 : 250))
  sheets['product.csv'].add(`${id},"${name}","${slogan}","${description}","${thing.kind.category}",${price}`)

  const features = sheets['features.csv']
  const known = thing.kind.features
  const from = below(known.length)
  for (let left = deals.features(id); left > 0; left--) {
    const row = features.rows() + 1
    const [feature, values] = known[(from + left) % known.length] ?? ['', ['']]
    const value = chance(0.04) ? 'null' : `"${pick(values)}"`
    features.add(`${row},${parentOf(row, id, products)},"${feature}",${value}`)
  }

  const related = sheets['related.csv']
  let before = id
  for (let left = deals.related(id); left > 0; left--) {
    const row = related.rows() + 1
    before = relatedId(row, 1 + below(products), id, before, products)
    related.add(`${row},${parentOf(row, id, products)},${before}`)
  }
  return price
}

/** Writes the styles of a product, each with its photos and sizes. One product in twenty has no default style. */
export const writeStyles = (generation: Generation, product: number, thing: Thing, price: number): void => {
  const { random, sheets, deals, products, pictures } = generation
  const { below, chance } = random
  const styles = sheets['styles.csv']
  const from = below(1000)
  const count = deals.styles(product)
  const lacksDefault = chance(0.05) && pictures === undefined
  const standard = lacksDefault ? count : below(chance(0.8) ? 1 : count)
  for (let style = 0; style < count; style++) {
    const id = styles.rows() + 1
    const sale = chance(0.2) ? Math.floor(price * (0.5 + 0.4 * random.next())) : 'null'
    const isDefault = style === standard ? 1 : 0
    styles.add(`${id},${parentOf(id, product, products)},"${styleName(from, style)}",${sale},${price},${isDefault}`)
    writePhotos(generation, id, thing)
    writeSkus(generation, id, thing.kind.sizes)
  }
}

const writePhotos = (generation: Generation, style: number, thing: Thing): void => {
  const { sheets, deals, parents, pictures } = generation
  const photos = sheets['photos.csv']
  for (let left = deals.photos(style); left > 0; left--) {
    const row = photos.rows() + 1
    const { url, thumbnail } = photoOf(generation, thing, thumbnailScheme(row))
    const quote = pictures === undefined ? closingQuote(row) : '"'
    photos.add(`${photoId(row)},${parentOf(row, style, parents.styles)},"${url}","${thumbnail}${quote}`)
  }
}

const writeSkus = ({ random, sheets, deals, parents }: Generation, style: number, sizes: readonly string[]): void => {
  const skus = sheets['skus.csv']
  const twice = hasSizeTwice(style) ? 1 : 0
  const count = deals.skus(style)
  for (let place = 0; place < count; place++) {
    const row = skus.rows() + 1
    const size = sizes[Math.max(0, place - twice) % sizes.length]
    const quantity = random.chance(0.05) ? 0 : 1 + random.below(60)
    skus.add(`${unorderedId(row)},${parentOf(row, style, parents.styles)},"${size}",${quantity}`)
  }
}
