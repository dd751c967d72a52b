import { describe, expect, it } from 'vitest';
import { defaultRunnerName, runnerName } from '#apps/runner/registration';

const allowed = /^[A-Z0-9][A-Z0-9_-]{2,99}$/;

describe('the name of a runner', () => {
  it.each([
    ['build-agent.example.org', 'BUILD-AGENT-EXAMPLE-ORG'],
    ['My Mac (2)', 'MY-MAC-2'],
    ['_x', 'X00'],
    ['日本', '000'],
  ])('made of "%s" is %s', (text, name) => {
    expect(runnerName(text)).toBe(name);
    expect(name).toMatch(allowed);
  });

  it('is never too long', () => {
    expect(runnerName('a'.repeat(500))).toMatch(allowed);
  });

  it('is made of the host when none is given', () => {
    expect(defaultRunnerName()).toMatch(/^RUNNER-/);
    expect(defaultRunnerName()).toMatch(allowed);
  });
});
