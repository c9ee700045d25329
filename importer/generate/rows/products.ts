import { pickPhoto } from '../words/addresses.ts'
import {
  closingQuote,
  priceWithOutliers,
  hasRepeatedSize,
  parentId,
  photoId,
  relatedId,
  thumbnailScheme,
  unorderedId,
} from '../defects.ts'
import { productWords, styleName } from '../words/products.ts'
import type { GeneratorContext } from '../context.ts'
import type { Noun } from '../words/noun.ts'

/** Writes a product, its features and its related products, and returns its price. */
export const writeProduct = (
  { random, writers, allocations, products }: GeneratorContext,
  id: number,
  noun: Noun,
): number => {
  const { below, chance, pick } = random
  const { name, slogan, description } = productWords(random, noun)
  const price = priceWithOutliers(id, 5 + below(below(4) === 0 ? 995 : 250))
  writers['product.csv'].add(`${id},"${name}","${slogan}","${description}","${noun.category.name}",${price}`)

  const features = writers['features.csv']
  const available = noun.category.features
  const from = below(available.length)
  for (let left = allocations.features(id); left > 0; left--) {
    const row = features.rows() + 1
    const [feature, values] = available[(from + left) % available.length] ?? ['', ['']]
    const value = chance(0.04) ? 'null' : `"${pick(values)}"`
    features.add(`${row},${parentId(row, id, products)},"${feature}",${value}`)
  }

  const related = writers['related.csv']
  let previous = id
  for (let left = allocations.related(id); left > 0; left--) {
    const row = related.rows() + 1
    previous = relatedId(row, 1 + below(products), id, previous, products)
    related.add(`${row},${parentId(row, id, products)},${previous}`)
  }
  return price
}

/** Writes the styles of a product with their photos and skus; one product in twenty has no default style. */
export const writeStyles = (context: GeneratorContext, product: number, noun: Noun, price: number): void => {
  const { random, writers, allocations, products, pictures } = context
  const { below, chance } = random
  const styles = writers['styles.csv']
  const from = below(1000)
  const count = allocations.styles(product)
  const lacksDefault = chance(0.05) && pictures === undefined
  const standard = lacksDefault ? count : below(chance(0.8) ? 1 : count)
  for (let style = 0; style < count; style++) {
    const id = styles.rows() + 1
    const sale = chance(0.2) ? Math.floor(price * (0.5 + 0.4 * random.next())) : 'null'
    const isDefault = style === standard ? 1 : 0
    styles.add(`${id},${parentId(id, product, products)},"${styleName(from, style)}",${sale},${price},${isDefault}`)
    writePhotos(context, id, noun)
    writeSkus(context, id, noun.category.sizes)
  }
}

const writePhotos = (context: GeneratorContext, style: number, noun: Noun): void => {
  const { writers, allocations, parents, pictures } = context
  const photos = writers['photos.csv']
  for (let left = allocations.photos(style); left > 0; left--) {
    const row = photos.rows() + 1
    const { url, thumbnail } = pickPhoto(context, noun, thumbnailScheme(row))
    const quote = pictures === undefined ? closingQuote(row) : '"'
    photos.add(`${photoId(row)},${parentId(row, style, parents.styles)},"${url}","${thumbnail}${quote}`)
  }
}

const writeSkus = (
  { random, writers, allocations, parents }: GeneratorContext,
  style: number,
  sizes: readonly string[],
): void => {
  const skus = writers['skus.csv']
  const repeated = hasRepeatedSize(style) ? 1 : 0
  const count = allocations.skus(style)
  for (let index = 0; index < count; index++) {
    const row = skus.rows() + 1
    const size = sizes[Math.max(0, index - repeated) % sizes.length]
    const quantity = random.chance(0.05) ? 0 : 1 + random.below(60)
    skus.add(`${unorderedId(row)},${parentId(row, style, parents.styles)},"${size}",${quantity}`)
  }
}
