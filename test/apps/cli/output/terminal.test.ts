import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressOn } from '#apps/cli/output/terminal';

const terminal = (interactive: boolean) => {
  const written: string[] = [];
  const out = (text: string) => void written.push(`${text}\n`);
  return {
    written,
    terminal: { out, err: out, exact: out, interactive, columns: undefined },
    write: (text: string) => void written.push(text),
  };
};

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is redrawn in place where a person watches, and cleared before a line is printed and at the end', () => {
    const { written, terminal: shown, write } = terminal(true);
    const progress = progressOn(shown, write);
    progress.says('running');
    vi.advanceTimersByTime(121);
    progress.print('a line');
    progress.end();
    vi.advanceTimersByTime(1000);
    expect(written).toEqual([expect.stringMatching(/^.{5}. running · \d/s), '\r\u001b[2K', 'a line\n', '\r\u001b[2K']);
  });

  it('shows what would move the cursor, and stays one line', () => {
    const { written, terminal: shown, write } = terminal(true);
    const progress = progressOn(shown, write);
    progress.says('\u001b[2J\nrunning');
    vi.advanceTimersByTime(121);
    progress.end();
    expect(written[0]).toContain(' \\u001b[2J\\nrunning · ');
  });

  it('is silent elsewhere', () => {
    const { written, terminal: shown, write } = terminal(false);
    const progress = progressOn(shown, write);
    progress.says('running');
    vi.advanceTimersByTime(1000);
    progress.print('a line');
    progress.end();
    expect(written).toEqual(['a line\n']);
  });
});
