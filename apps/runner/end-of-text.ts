/**
 * The end of a text in at most so many characters. It begins with a line, or where lines are long with a word, behind an
 * ellipsis for what is missing.
 */
export const endOfText = (text: string, most: number): string => {
  const whole = text.trim();
  if (whole.length <= most) return whole;
  const end = whole.slice(-(most - mark.length));
  return mark + end.slice(beginning(end)).replace(halfCharacter, '');
};

const mark = '… ';
const halfCharacter = /^[\udc00-\udfff]/;

/** Where the first line begins, else the first word; at most half is given up for it. */
const beginning = (text: string): number => {
  const places = ['\n', ' '].map((gap) => text.indexOf(gap) + 1);
  return places.find((place) => place > 0 && place < text.length / 2) ?? 0;
};
