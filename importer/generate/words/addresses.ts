import type { GeneratorContext } from '../context.ts'
import type { Random } from '../random.ts'
import type { Noun } from './noun.ts'

const scenes = (
  'street studio window garden harbor market station forest rooftop bridge cafe library beach meadow stairs tunnel ' +
  'courtyard workshop kitchen river hallway balcony field mountain'
).split(' ')

const lights = 'morning noon evening winter summer autumn spring cloudy bright golden soft clear'.split(' ')

const widths = [668, 975, 1000, 1567, 1650, 1651, 2089, 2734, 3028]

/** The address of a photo without scheme and width. */
const photoAddress = ({ below, pick }: Random): string =>
  `://photos.example/catalog/2021/${pick(lights)}-${pick(scenes)}-${1e6 + below(9e6)}-${10_000 + below(90_000)}.jpg?format=auto&fit=crop&crop=entropy&dpr=1&quality=80&w=`

const photoWidth = ({ pick }: Random): number => pick(widths)

const thumbnailWidth = 300

/** The file name of a category's pictures: `formal-shoes`. */
export const pictureName = (category: string): string => category.toLowerCase().replaceAll(' ', '-')

/** The addresses of a photo and of its thumbnail; those of a demo shop's own picture if `pictures` is set. */
export const pickPhoto = (
  { random, pictures }: Pick<GeneratorContext, 'random' | 'pictures'>,
  noun: Noun,
  thumbnailScheme = 'https',
): { readonly url: string; readonly thumbnail: string } => {
  const address = photoAddress(random)
  const width = photoWidth(random)
  if (pictures === undefined)
    return { url: `https${address}${width}`, thumbnail: `${thumbnailScheme}${address}${thumbnailWidth}` }
  const picture = `${pictures}/${pictureName(noun.category.name)}/${/\d{7}/.exec(address)?.[0]}.svg?w=`
  return { url: `${picture}${width}`, thumbnail: `${picture}${thumbnailWidth}` }
}
