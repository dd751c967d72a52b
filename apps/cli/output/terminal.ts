import { duration } from './quantities.ts';
import { oneLine, visible } from './visible.ts';

/** What the commands write to. Results go to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** To `out` for another program, as it is; a person who looks is shown it like the rest. */
  readonly exact: (text: string) => void;
  /** Whether a person sees `err` at once: then progress may be redrawn in place. */
  readonly interactive: boolean;
  /** Width for lines of tables; undefined where `out` is not a terminal. */
  readonly columns: number | undefined;
}

/** The terminal of this process. A reader that went away (`iorch … | head`) ends it quietly. */
export const processTerminal = (): Terminal => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const out = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    out,
    exact: out,
    err: (text) => process.stderr.write(`${text}\n`),
    interactive: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' && !process.env['CI'],
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
};

/** A terminal that obeys nothing in what it is given: much of it was written by agents. Every command prints through it. */
export const unswayed = (terminal: Terminal): Terminal => {
  const out = (text: string) => terminal.out(visible(text));
  return {
    ...terminal,
    out,
    err: (text) => terminal.err(visible(text)),
    exact: terminal.columns === undefined ? terminal.exact : out,
  };
};

/** A status line with spinner and elapsed time below what is printed; nothing where nobody watches. */
export interface Progress {
  /** What happens now. */
  readonly says: (text: string) => void;
  /** Prints through the progress line. */
  readonly print: (text: string, stream?: 'out' | 'err') => void;
  readonly end: () => void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redraw = '\r\u001b[2K';

export const progressOn = (
  terminal: Terminal,
  write: (text: string) => void = (text) => process.stderr.write(text),
): Progress => {
  const print: Progress['print'] = (text, stream = 'out') => terminal[stream](text);
  if (!terminal.interactive) return { says: () => undefined, print, end: () => undefined };
  const since = performance.now();
  let now = '';
  let frame = 0;
  const draw = () => {
    frame += 1;
    const line = `${frames[frame % frames.length]} ${now} · ${duration(performance.now() - since)}`;
    write(redraw + [...line].slice(0, (process.stderr.columns ?? 80) - 1).join(''));
  };
  const timer = setInterval(draw, 120);
  return {
    says: (text) => {
      now = oneLine(text);
    },
    print: (text, stream) => {
      write(redraw);
      print(text, stream);
    },
    end: () => {
      clearInterval(timer);
      write(redraw);
    },
  };
};
