import { describe, expect, it } from 'vitest';
import { outputTail } from '#apps/runner/processes/output-tail';

const tailOf = (text: string, characters: number) => {
  const tail = outputTail();
  tail.add(Buffer.from(text));
  return tail.text(characters);
};

describe('the tail of an output', () => {
  it('is its last characters', () => {
    expect(tailOf('abcdef', 4)).toBe('cdef');
    expect(tailOf('ab', 4)).toBe('ab');
  });

  it('has no terminal colors', () => {
    expect(tailOf('\u001b[32mok\u001b[0m', 100)).toBe('ok');
  });

  it('never begins with half a character', () => {
    expect(tailOf('a😀b', 2)).toBe('b');
  });

  it('keeps the end of an output that is much larger than its memory', () => {
    const tail = outputTail();
    for (let chunk = 0; chunk < 100; chunk += 1) tail.add(Buffer.alloc(16_384, 'x'));
    tail.add(Buffer.from('end'));
    expect(tail.text(5)).toBe('xxend');
  });
});
