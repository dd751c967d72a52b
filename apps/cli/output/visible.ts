/** What a terminal obeys, what turns the order of characters around, and what breaks lines beside line feeds. */
const hidden = /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu;
const hiddenInText = /(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As JSON writes it, so that a JSON document keeps its value. */
const escaped = (sign: string) => short[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text of which a terminal shows everything and obeys nothing but line feeds and tabs. */
export const visible = (text: string): string => text.replace(hiddenInText, escaped);

/** A text for a place with one line: its line feeds and tabs are shown, too. */
export const oneLine = (text: string): string => text.replace(hidden, escaped);

/** A text whose further lines are indented, so that none of them can pass for something else. */
export const hanging = (text: string, indent: number): string =>
  text
    .split(/\r?\n/)
    .map(oneLine)
    .join(`\n${' '.repeat(indent)}`);
