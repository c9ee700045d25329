import type { Noun } from './noun.ts'

type Sentence = (noun: Noun) => string

/** A topic: variants of one question, and answers that fit any of them. */
export type Topic = { readonly questions: readonly Sentence[]; readonly answers: readonly Sentence[] }

export const topics: readonly Topic[] = [
  {
    questions: [
      (t) => `${t.Do} ${t.this} run large or small?`,
      (t) => `I am between two sizes. Which one of ${t.this} should I order?`,
      (t) => `How ${t.do} ${t.they} fit compared with other brands?`,
    ],
    answers: [
      (t) => `I took my usual size and ${t.they} fit${t.s} well.`,
      (t) => `${t.They} ran a little large on me, so I went one size down.`,
      () => 'Order the larger one. You can always send it back within thirty days.',
      (t) => `A bit tight at first, but ${t.they} gave after a week.`,
    ],
  },
  {
    questions: [
      (t) => `Can I put ${t.this} in the washing machine?`,
      (t) => `What is the best way to clean ${t.this}?`,
      (t) => `${t.Do} ${t.they} shrink in the wash?`,
    ],
    answers: [
      () => 'Cold wash on the gentle program, and let it dry on its own. No trouble so far.',
      () => 'A damp cloth is enough for almost everything.',
      (t) => `I would not risk the dryer. ${t.They} came out fine from a cold wash.`,
      () => 'The label says hand wash only, and I keep to it.',
    ],
  },
  {
    questions: [
      (t) => `${t.Are} ${t.they} warm enough for a real winter?`,
      (t) => `Would you wear ${t.this} in the rain?`,
      (t) => `${t.Are} ${t.they} too hot for summer?`,
    ],
    answers: [
      () => 'With a second layer I was fine well below freezing.',
      () => 'A short shower is no problem, but a whole day of rain is.',
      (t) => `${t.They} breathe${t.s} well, and I wear ${t.them} all year.`,
      () => 'I would call it a spring and fall piece.',
    ],
  },
  {
    questions: [
      () => 'Is the color as bright as in the photos?',
      (t) => `Will the color of ${t.this} fade after a few months?`,
      () => 'Is the black a true black or more of a dark gray?',
    ],
    answers: [
      () => 'A touch darker in real life, but very close.',
      () => 'No fading after half a year.',
      () => 'It depends on the light. Indoors it looks almost brown.',
      () => 'Yes, exactly as in the photos.',
    ],
  },
  {
    questions: [
      (t) => `How long ${t.do} ${t.they} last if worn every day?`,
      (t) => `Has anyone had ${t.this} for more than a year?`,
      (t) => `Are the seams of ${t.this} reinforced?`,
    ],
    answers: [
      (t) => `Mine ${t.are} two years old and still going strong.`,
      () => 'The seams are double stitched, and not one has opened.',
      (t) => `I got about eight months of daily use out of ${t.them}.`,
      () => 'Better than the ones I had before, and those cost twice as much.',
    ],
  },
  {
    questions: [
      (t) => `Where ${t.are} ${t.this} made?`,
      (t) => `${t.Are} ${t.they} made from recycled material?`,
      (t) => `What exactly ${t.are} ${t.this} made of?`,
    ],
    answers: [
      () => 'The label says Portugal.',
      () => 'In part. The outside is recycled, the rest is not.',
      (t) => `I am not certain, but ${t.they} feel${t.s} like a good blend.`,
      () => 'All of it is listed under features further up on the page.',
    ],
  },
  {
    questions: [
      (t) => `${t.Do} ${t.they} come gift wrapped?`,
      () => 'How long does delivery take at the moment?',
      () => 'What happens if I need to exchange the size?',
    ],
    answers: [
      () => 'It took four days to reach me.',
      () => 'It comes in a plain box that looks good enough for a gift.',
      () => 'The exchange was free and took about a week.',
      () => 'Write to the shop, they answer within a day.',
    ],
  },
  {
    questions: [
      (t) => `${t.Are} ${t.they} comfortable for a whole day of walking?`,
      (t) => `${t.Do} ${t.this} need much breaking in?`,
      (t) => `My skin is sensitive. ${t.Do} ${t.they} itch at all?`,
    ],
    answers: [
      () => 'From the first hour on.',
      () => 'It took me about three wears, and now I forget that I have anything on.',
      (t) => `Not at all, ${t.they} feel${t.s} very soft.`,
      () => 'For a few hours yes, for a whole day I would pick something else.',
    ],
  },
]

/** Sentences that can follow any answer. */
export const afterwords: readonly string[] = [
  ' Hope that helps!',
  ' Let me know if you need to know more.',
  ' Yours may differ, of course.',
  ' I asked the shop the same thing before I ordered, and they said so too.',
]
