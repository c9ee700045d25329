import type { Schema } from './schemas.ts'

const samples: Readonly<Record<string, unknown>> = {
  answerer_name: 'tailor',
  asker_name: 'button_keeper',
  body: 'Kept me warm on a windy pier, and folds into a pocket.',
  campus: 'hr-rfp',
  category: 'Jackets',
  'characteristics.value': '3.2857142857142857',
  description: 'Waxed cotton, taped seams and a hood that stays up.',
  feature: 'Fabric',
  'features.value': 'Waxed cotton',
  helpfulness: 3,
  name: 'Harbour Parka',
  photos: 'https://photos.example/parka.jpg',
  quantity: 8,
  question_body: 'Does it come with a spare button?',
  question_helpfulness: 5,
  rating: 4,
  response: 'Thank you for telling us.',
  reviewer_name: 'pier_walker',
  sale_price: '100.00',
  size: 'M',
  slogan: 'Rain is only weather',
  summary: 'Warm and light',
  thumbnail_url: 'https://photos.example/parka-small.jpg',
  url: 'https://photos.example/parka.jpg',
}

const keys: Readonly<Record<string, string>> = { characteristics: 'Fit', ratings: '4', recommended: 'true' }

/** Builds an example of a schema, from its own constant or example, else from samples by name and its parts. */
export const buildExample = (schema: Schema, name = '', within = ''): unknown => {
  const fixed = schema.const ?? schema.examples?.[0] ?? schema.enum?.[0]
  if (fixed !== undefined) return fixed
  const branch = schema.anyOf?.find(({ type }) => type !== 'null')
  if (branch) return buildExample(branch, name, within)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') return buildObject(schema, name)
  if (type === 'array') return [buildExample(schema.items as Schema, name)]
  const sample = samples[`${within}.${name}`] ?? samples[name]
  if (sample !== undefined) return sample
  if (type === 'string') return buildText(schema)
  return type === 'boolean' || Math.max(1, schema.minimum ?? 1)
}

const buildObject = ({ properties, additionalProperties }: Schema, name: string): object =>
  properties
    ? Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, buildExample(value as Schema, key, name)]),
      )
    : { [keys[name] ?? '1']: buildExample(additionalProperties as Schema, name) }

const buildText = ({ format, pattern }: Schema): string => {
  if (format === 'date-time') return '2024-03-05T00:00:00.000Z'
  return pattern?.includes('\\.') ? '140.00' : '1'
}
