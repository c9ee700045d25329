import type { Random } from '../random.ts'

const scenes = (
  'street studio window garden harbor market station forest rooftop bridge cafe library beach meadow stairs tunnel ' +
  'courtyard workshop kitchen river hallway balcony field mountain'
).split(' ')

const lights = 'morning noon evening winter summer autumn spring cloudy bright golden soft clear'.split(' ')

const widths = [668, 975, 1000, 1567, 1650, 1651, 2089, 2734, 3028]

/** The address of a photo without scheme and width. */
export const photoAddress = ({ below, pick }: Random): string =>
  `://photos.example/catalog/2021/${pick(lights)}-${pick(scenes)}-${1e6 + below(9e6)}-${10_000 + below(90_000)}.jpg?format=auto&fit=crop&crop=entropy&dpr=1&quality=80&w=`

/** The width of a photo in pixels. */
export const photoWidth = ({ pick }: Random): number => pick(widths)

/** The width of every thumbnail in pixels. */
export const thumbnailWidth = 300
