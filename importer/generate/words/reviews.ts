import type { Random } from '../random.ts'
import type { Noun } from './noun.ts'

export type Sentiment = 'positive' | 'neutral' | 'negative'

type Sentence = (noun: Noun) => string

const summaries: Readonly<Record<Sentiment, readonly Sentence[]>> = {
  positive: [
    (t) => `I love ${t.this}`,
    (t) => `Could not be happier with ${t.this}`,
    () => 'Exactly what I was looking for',
    () => 'Worth every cent',
    () => 'Comfortable from the first day',
    (t) => `Even better than ${t.they} look${t.s} in the photos`,
    () => 'My new favorite',
    () => 'Great quality and quick delivery',
    (t) => `Buy ${t.them}, you will not regret it`,
  ],
  neutral: [
    () => 'Good, but not great',
    (t) => `${t.They} ${t.are} fine for the price`,
    () => 'Nice idea, average finish',
    (t) => `I wanted to like ${t.this} more`,
    () => 'Looks good, fits so-so',
    () => 'Decent, with a few small faults',
    () => 'Fine for now and then',
  ],
  negative: [
    () => 'Not what I expected',
    (t) => `${t.This} fell apart within a month`,
    () => 'Sadly had to send it all back',
    () => 'Disappointed with the quality',
    (t) => `I would not buy ${t.them} again`,
    () => 'Looks nothing like the photos',
    () => 'Too expensive for what you get',
  ],
}

const openings: Readonly<Record<Sentiment, readonly Sentence[]>> = {
  positive: [
    (t) =>
      `I have worn ${t.this} almost every day since the box arrived, and I keep finding reasons to put ${t.them} on.`,
    (t) => `Bought ${t.this} for a trip in the fall and ended up wearing nothing else the whole week.`,
    (t) => `My sister has had ${t.this} for two years, so I finally ordered my own.`,
    (t) => `I was not sure about the color at first, but in daylight ${t.they} look${t.s} wonderful.`,
    () => 'This is my third order from the shop and the best one so far.',
    (t) => `After trying four other brands I am glad that I waited for ${t.this}.`,
  ],
  neutral: [
    (t) => `I like the look of ${t.this}, but the fit took some getting used to.`,
    (t) => `After a month with ${t.this} I still can't say whether I would order again.`,
    (t) => `For the price ${t.this} ${t.are} all right, though I had hoped for a little more.`,
    (t) => `The color is lovely and the cut is good, yet something about ${t.this} feels unfinished.`,
    (t) => `I ordered ${t.this} as a gift, and the verdict at home was mixed.`,
  ],
  negative: [
    (t) => `I really wanted to like ${t.this}, but the first wash was the end of ${t.them}.`,
    (t) => `Two weeks in, a seam came open, and I had only worn ${t.this} to the office.`,
    (t) => `The photos promise far more than ${t.this} can keep.`,
    (t) => `I waited three weeks for ${t.this}, and then the size on the label was wrong.`,
    (t) => `Whoever measured ${t.this} has never met anyone of my size.`,
  ],
}

const details: Readonly<Record<Sentiment, readonly Sentence[]>> = {
  positive: [
    (t) => `The stitching is clean, and after a dozen wears ${t.they} still look${t.s} new.`,
    (t) => `I took my usual size and ${t.they} fit${t.s} just right.`,
    () => 'The material feels soft without being flimsy.',
    () => 'Several people at work have asked where I found mine.',
    (t) => `Even on a long day ${t.they} never felt heavy or stiff.`,
    () => 'Delivery took two days and the box had no plastic in it.',
    (t) => `${t.They} held up through a whole afternoon of rain.`,
  ],
  neutral: [
    () => 'The fabric is nice, but a few threads were loose when I opened the bag.',
    (t) => `In my usual size ${t.they} felt a little tight, so I would go one up.`,
    () => 'The shade is darker than it looks on the screen.',
    () => 'Comfortable enough at home, less so after a few hours outside.',
    () => 'It took a week before the new smell was gone.',
  ],
  negative: [
    () => 'The color came off on everything that it touched.',
    (t) => `${t.They} felt stiff on the first day and no better on the tenth.`,
    (t) => `I sized up as the page says and ${t.they} still did not fit.`,
    () => 'The material is much thinner than I had expected at this price.',
    () => 'Customer service was kind, but a replacement was out of stock.',
  ],
}

const endings: Readonly<Record<Sentiment, readonly Sentence[]>> = {
  positive: [
    () => 'I have already ordered a second color.',
    () => 'Highly recommended.',
    (t) => `Treat yourself to ${t.them}.`,
  ],
  neutral: [() => 'Three stars from me.', () => 'Wait for a sale.', () => 'Perhaps the next version will be better.'],
  negative: [() => 'Save your money.', (t) => `I sent ${t.them} back.`, () => 'Not again, sorry.'],
}

const responses: Readonly<Record<Sentiment, readonly string[]>> = {
  positive: [
    'Thank you for the kind words, they made our day!',
    'So glad to hear that. Enjoy every wear!',
    'Thanks for taking the time to write. See you soon!',
  ],
  neutral: [
    'Thank you for being frank. We have passed this on to the studio.',
    'Thanks for the notes. Our team is glad to help you with another size.',
  ],
  negative: [
    'We are sorry to hear this. Please write to us, and we will make it right.',
    'That is not how it should be. A refund is on its way to you.',
  ],
}

/** The texts of a review; one in ten has a response of the shop, quoted for CSV. */
export const reviewWords = ({ below, chance, pick }: Random, noun: Noun, sentiment: Sentiment) => {
  const parts = details[sentiment]
  const from = below(parts.length)
  let body = pick(openings[sentiment])(noun)
  for (let left = chance(0.15) ? 0 : 1 + below(3); left > 0; left--)
    body += ' ' + parts[(from + left) % parts.length]?.(noun)
  if (chance(0.4)) body += ' ' + pick(endings[sentiment])(noun)
  return {
    summary: pick(summaries[sentiment])(noun),
    body,
    response: chance(0.1) ? `"${pick(responses[sentiment])}"` : 'null',
  }
}
