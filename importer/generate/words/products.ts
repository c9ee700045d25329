import type { Random } from '../random.ts'
import type { Noun } from './noun.ts'

const places = (
  'Alder Aspen Avon Bayside Birch Bramble Canyon Cedar Clifton Cobalt Coral Cove Delta Dune Eastgate Elm Ember Fairview ' +
  'Fern Fjord Garnet Glen Granite Harbor Hazel Heath Highland Indigo Island Juniper Kestrel Lakeside Larch Linden Marlow ' +
  'Meadow Mesa Midland Northway Oakley Orchard Pebble Pine Prairie Quarry Ridge River Rowan Sable Sage Shore Sierra Slate ' +
  'Spruce Stonebridge Summit Thicket Tidal Upland Valley Vesper Wharf Willow Winslow'
).split(' ')

const manners = (
  'Classic Daily Evening Everyday First Heritage Light Long Lucky Modern Original Plain Quiet Ready Simple Slow Soft ' +
  'Standard Sunday Travel Weekend Winter Working'
).split(' ')

const occasions = [
  'the walk to work',
  'weekends by the coast',
  'long days on your feet',
  'cold mornings',
  'an evening out',
  'a slow Sunday',
  'travel with one bag',
  'everyday wear',
]

const slogans = [
  'Made for',
  'Ready for',
  'Built around',
  'Nothing more than you need for',
  'Our answer to',
  'A good companion for',
  'Quiet comfort for',
]

const colors =
  'Black White Ivory Sand Tan Rust Olive Moss Pine Navy Sky Teal Slate Charcoal Stone Plum Wine Brick Coral Mustard'.split(
    ' ',
  )

type Sentence = (noun: Noun, fabric: string, detail: string, occasion: string) => string

const openings: readonly Sentence[] = [
  (t, fabric, detail) => `${t.This} ${t.are} made from ${fabric} and finished with ${detail}.`,
  (t, fabric, detail) => `We cut ${t.this} from ${fabric} and added ${detail}.`,
  (t, fabric, detail, occasion) => `Made with ${occasion} in mind, ${t.this} pair${t.s} ${fabric} with ${detail}.`,
  (t, fabric) => `${t.This} began as a sample in ${fabric} that nobody in the studio wanted to give back.`,
  (t, fabric, detail) => `Start with ${fabric}, add ${detail}, leave out the rest: that is how ${t.this} came about.`,
]

const middles: readonly Sentence[] = [
  (t) => `${t.They} soften${t.s} with every wear and keep${t.s} ${t.their} shape for years.`,
  (t) => `The cut leaves room to move without looking loose, and ${t.they} sit${t.s} well over a second layer.`,
  (_, fabric) => `The ${fabric} breathes when it is warm and holds its own when the weather turns.`,
  (t, _fabric, detail) => `Thanks to ${detail}, ${t.they} need${t.s} next to no breaking in.`,
  (t) => `We tried ${t.them} on forty people before we were happy with the sizes.`,
  (_, fabric) => `The ${fabric} comes from a small mill that has worked with us since our first season.`,
]

const closings: readonly Sentence[] = [
  (t, _fabric, _detail, occasion) => `Put ${t.them} on for ${occasion} and forget about the rest.`,
  () => 'Every piece is checked by hand before it leaves the workshop.',
  (t) => `Wear ${t.them} with something old on Saturday and with something smart on Monday.`,
  (t) => `If anything comes loose within two years, send ${t.them} back and we will repair ${t.them}.`,
  () => 'Comes in a plain box with a spare button and a card that tells you how to care for it.',
  (_, _fabric, _detail, occasion) => `Just right for ${occasion}.`,
]

export const productWords = ({ below, chance, pick }: Random, noun: Noun) => {
  const fabric = pick(noun.category.fabrics)
  const detail = pick(noun.category.details)
  const occasion = pick(occasions)
  const say = (sentences: readonly Sentence[]) => pick(sentences)(noun, fabric, detail, occasion)
  const from = below(middles.length)
  const middle = middles[from]?.(noun, fabric, detail, occasion)
  const another = middles[(from + 1) % middles.length]?.(noun, fabric, detail, occasion)
  return {
    name: `${pick(places)} ${chance(0.6) ? `${pick(manners)} ` : ''}${noun.title}`,
    slogan: `${pick(slogans)} ${occasion}`,
    description: `${say(openings)} ${middle} ${chance(0.4) ? `${another} ` : ''}${say(closings)}`,
  }
}

/** The name of a product's nth style; no two styles of a product share one. */
export const styleName = (from: number, style: number): string => {
  const color = colors[(from + style * 3) % colors.length]
  return from % 3 === 0 ? `${color} & ${colors[(from * 7 + style + 1) % colors.length]}` : `${color}`
}
