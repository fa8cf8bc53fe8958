/** How often AWS is asked while something is followed: soon again after news, and more and more seldom while there are none.
 *  In milliseconds. */
export interface Pace {
  first: number;
  most: number;
}

export const usualPace: Pace = { first: 1000, most: 5000 };

export function slower(delay: number, { most }: Pace): number {
  return Math.min(most, delay * 1.5);
}
