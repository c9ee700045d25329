import { kinds, type Kind } from './catalog.ts'

/** A noun, and the words that agree with it, so that one sentence does for a jacket and for boots. */
export type Thing = {
  readonly kind: Kind
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
  /** The same at the beginning of a sentence. */
  readonly This: string
  readonly They: string
  readonly are: string
  readonly were: string
  readonly have: string
  readonly dont: string
  readonly Do: string
  readonly Are: string
  readonly do: string
  /** What a verb ends with: `it look${s}`, `they look` */
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

/** Every noun of every kind. */
export const things: readonly Thing[] = kinds.flatMap((kind) =>
  kind.nouns.map((title) => {
    const noun = title.toLowerCase()
    const [This, words] = kind.plural ? [`These ${noun}`, many] : [`This ${noun}`, one]
    return { kind, title, This, this: This[0]?.toLowerCase() + This.slice(1), ...words }
  }),
)
