import { catalog, type Category } from './catalog.ts'

/** A noun with the words that agree with it, so that one sentence template fits singular and plural. */
export type Noun = {
  readonly category: Category
  /** `Field Jacket`, `Boots` */
  readonly title: string
  /** `this field jacket`, `these boots` */
  readonly this: string
  /** `it`, `they` */
  readonly they: string
  /** `it`, `them` */
  readonly them: string
  /** `its`, `their` */
  readonly their: string
  /** `This field jacket`, `These boots` */
  readonly This: string
  readonly They: string
  readonly are: string
  readonly were: string
  readonly have: string
  readonly dont: string
  readonly Do: string
  readonly Are: string
  readonly do: string
  /** The ending of a verb: `it look${s}`, `they look` */
  readonly s: string
}

const one = {
  they: 'it',
  them: 'it',
  their: 'its',
  They: 'It',
  are: 'is',
  were: 'was',
  have: 'has',
  dont: "doesn't",
  do: 'does',
  Do: 'Does',
  Are: 'Is',
  s: 's',
}

const many: typeof one = {
  they: 'they',
  them: 'them',
  their: 'their',
  They: 'They',
  are: 'are',
  were: 'were',
  have: 'have',
  dont: "don't",
  do: 'do',
  Do: 'Do',
  Are: 'Are',
  s: '',
}

/** The nouns of all categories. */
export const nouns: readonly Noun[] = catalog.flatMap((category) =>
  category.nouns.map((title) => {
    const noun = title.toLowerCase()
    const [This, words] = category.plural ? [`These ${noun}`, many] : [`This ${noun}`, one]
    return { category, title, This, this: This[0]?.toLowerCase() + This.slice(1), ...words }
  }),
)
