/** A category of the catalog: the words and sizes of its products. */
export type Category = {
  readonly name: string
  /** In title case; a product's name ends with one of them. */
  readonly nouns: readonly string[]
  readonly plural: boolean
  readonly sizes: readonly string[]
  /** A product with fewer takes the last ones. */
  readonly characteristics: readonly string[]
  readonly fabrics: readonly string[]
  readonly details: readonly string[]
  readonly features: readonly (readonly [string, readonly string[]])[]
}

const clothing = {
  sizes: ['XS', 'S', 'M', 'L', 'XL', 'XXL', '3XL', '4XL'],
  characteristics: ['Size', 'Width', 'Fit', 'Length', 'Comfort', 'Quality'],
}

const outer: Omit<Category, 'name' | 'nouns' | 'plural'> = {
  ...clothing,
  fabrics: ['waxed cotton', 'boiled wool', 'recycled nylon', 'heavy twill', 'soft corduroy', 'washed canvas'],
  details: ['a two-way zip', 'taped seams', 'a brushed lining', 'deep side pockets', 'a high collar', 'horn buttons'],
  features: [
    ['Shell', ['Waxed cotton', 'Recycled nylon', 'Boiled wool', 'Cotton twill', '80% wool, 20% polyamide']],
    ['Lining', ['Brushed flannel', 'Recycled polyester', 'Quilted', 'Unlined', 'Viscose']],
    ['Closure', ['Two-way zip', 'Horn buttons', 'Snaps', 'Zip and snaps']],
    ['Pockets', ['Two', 'Four', 'Two outside, one inside', 'Six']],
    ['Weather', ['Sheds light rain', 'Waterproof', 'Windproof', 'For dry days']],
    ['Care', ['Wipe clean', 'Dry clean', 'Wash cold']],
  ],
}

const top: typeof outer = {
  ...clothing,
  fabrics: ['organic cotton', 'washed linen', 'merino wool', 'brushed flannel', 'cotton jersey', 'soft lambswool'],
  details: [
    'a ribbed collar',
    'flat seams',
    'mother-of-pearl buttons',
    'a dropped shoulder',
    'long cuffs',
    'a small pocket',
  ],
  features: [
    ['Fabric', ['100% cotton', '100% linen', '100% merino wool', '95% cotton, 5% elastane', 'Cotton jersey']],
    ['Collar', ['Ribbed', 'Button-down', 'Band', 'Classic']],
    ['Sleeves', ['Long', 'Short', 'Rolled', 'Raglan']],
    ['Cut', ['Slim', 'Regular', 'Relaxed', 'Boxy']],
    ['Weight', ['Light', 'Medium', 'Heavy']],
    ['Care', ['Machine wash', 'Hand wash', 'Wash cold, dry flat']],
  ],
}

const bottom: typeof outer = {
  ...clothing,
  fabrics: ['sturdy denim', 'cotton twill', 'stretch canvas', 'pressed wool', 'garment-dyed cotton', 'fine corduroy'],
  details: ['a hidden button', 'reinforced knees', 'belt loops', 'a soft waistband', 'deep back pockets', 'a zip fly'],
  features: [
    ['Fabric', ['100% cotton', '98% cotton, 2% elastane', 'Wool blend', '13 oz denim', 'Corduroy']],
    ['Cut', ['Slim', 'Straight', 'Wide', 'Tapered']],
    ['Rise', ['Low', 'Mid', 'High']],
    ['Closure', ['Button fly', 'Zip fly', 'Drawstring']],
    ['Pockets', ['Four', 'Five', 'Six']],
    ['Care', ['Machine wash', 'Wash inside out', 'Dry clean']],
  ],
}

const shoes: typeof outer = {
  sizes: ['6', '7', '8', '9', '10', '11', '12', '13'],
  characteristics: ['Fit', 'Length', 'Size', 'Width', 'Comfort', 'Quality'],
  fabrics: ['full-grain leather', 'supple suede', 'heavy canvas', 'recycled knit', 'oiled nubuck', 'ripstop mesh'],
  details: [
    'a grippy rubber sole',
    'a cushioned insole',
    'a padded collar',
    'waxed laces',
    'a stitched welt',
    'a pull loop',
  ],
  features: [
    ['Upper', ['Full-grain leather', 'Suede', 'Canvas', 'Recycled knit', 'Nubuck']],
    ['Sole', ['Natural rubber', 'Foam and rubber', 'Crepe', 'Stitched leather']],
    ['Insole', ['Cork', 'Memory foam', 'Removable', 'Leather']],
    ['Lacing', ['Waxed cotton', 'Elastic', 'None', 'Recycled cord']],
    ['Toe', ['Round', 'Reinforced', 'Open', 'Almond']],
    ['Lining', ['Leather', 'Textile', 'Wool', 'Unlined']],
  ],
}

export const catalog: readonly Category[] = [
  { name: 'Jackets', plural: false, nouns: ['Jacket', 'Parka', 'Windbreaker', 'Field Jacket', 'Bomber'], ...outer },
  { name: 'Coats', plural: false, nouns: ['Coat', 'Raincoat', 'Overcoat', 'Trench Coat', 'Peacoat'], ...outer },
  { name: 'Shirts', plural: false, nouns: ['Shirt', 'Overshirt', 'Polo', 'Flannel Shirt', 'Blouse'], ...top },
  { name: 'Knitwear', plural: false, nouns: ['Sweater', 'Cardigan', 'Pullover', 'Turtleneck', 'Vest'], ...top },
  { name: 'Hoodies', plural: false, nouns: ['Hoodie', 'Sweatshirt', 'Zip Hoodie', 'Fleece'], ...top },
  { name: 'Trousers', plural: true, nouns: ['Trousers', 'Chinos', 'Cords', 'Cargo Trousers'], ...bottom },
  { name: 'Jeans', plural: true, nouns: ['Jeans', 'Straight Jeans', 'Wide Jeans', 'Slim Jeans'], ...bottom },
  { name: 'Shorts', plural: true, nouns: ['Shorts', 'Trail Shorts', 'Beach Shorts'], ...bottom },
  { name: 'Skirts', plural: false, nouns: ['Skirt', 'Midi Skirt', 'Wrap Skirt', 'Denim Skirt'], ...bottom },
  { name: 'Sneakers', plural: true, nouns: ['Sneakers', 'Runners', 'Trainers', 'Court Shoes'], ...shoes },
  { name: 'Boots', plural: true, nouns: ['Boots', 'Chelsea Boots', 'Hiking Boots', 'Desert Boots'], ...shoes },
  { name: 'Formal Shoes', plural: true, nouns: ['Loafers', 'Oxfords', 'Derbies', 'Brogues'], ...shoes },
]

export const categories: readonly string[] = catalog.map(({ name }) => name)
