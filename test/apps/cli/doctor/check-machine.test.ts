import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMachine } from '#apps/cli/doctor/check-machine';
import { type Machine, thisMachine } from '#apps/cli/doctor/machine';

let workDir: string;
beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'iorch-doctor-'));
});
afterEach(() => rmSync(workDir, { recursive: true, force: true }));

/** A machine on which programs answer as told; any other is missing. */
const aMachine = (answers: Readonly<Record<string, string | Error>>, fields: Partial<Machine> = {}): Machine => ({
  ...{ env: { OPENCODE_BINARY: 'opencode' }, nodeVersion: '24.1.0', platform: 'linux' },
  output: async (command, args) => {
    const answer = answers[`${command} ${args[0]}`] ?? new Error(`spawn ${command} ENOENT`);
    if (typeof answer === 'string') return answer;
    throw answer;
  },
  ...fields,
});

const everything = {
  'git --version': 'git version 2.43.0',
  'opencode --version': '1.18.33',
  'bwrap --version': 'bubblewrap 0.9.0',
  'bwrap --ro-bind': '',
};

const look = async (machine: Machine, folder = workDir) => {
  const findings = await checkMachine(machine, { workDir: folder, openCodeVersion: '1.18.33' });
  return Object.fromEntries(findings.map(({ check, ...finding }) => [check, finding]));
};

describe('the check of a machine', () => {
  it('finds everything, and leaves nothing behind in the work folder', async () => {
    const found = await look(aMachine(everything));
    expect(Object.entries(found).map(([check, { status }]) => `${check} ${status}`)).toEqual([
      'node ok',
      'git ok',
      'opencode ok',
      'work folder ok',
      'bubblewrap ok',
    ]);
    expect(readdirSync(workDir)).toEqual([]);
  });

  it('says what is missing and what to do', async () => {
    const found = await look(aMachine({}, { nodeVersion: '18.20.0' }));
    expect(found).toMatchObject({
      node: { status: 'fail', remedy: expect.stringContaining('Node 20') },
      git: { status: 'fail', remedy: expect.stringContaining('Install git') },
      opencode: { status: 'fail', remedy: expect.stringContaining('npm ci') },
      bubblewrap: { status: 'warn', remedy: expect.stringContaining('Install bubblewrap') },
    });
  });

  it('warns of another version of OpenCode, and of a sandbox that may not be', async () => {
    const refused = new Error('bwrap: No permissions to create new namespace\nmore');
    const found = await look(aMachine({ ...everything, 'opencode --version': '1.0.0', 'bwrap --ro-bind': refused }));
    expect(found).toMatchObject({
      opencode: { status: 'warn', detail: expect.stringContaining('not 1.18.33') },
      bubblewrap: { status: 'warn', detail: expect.stringMatching(/No permissions to create new namespace$/) },
    });
    const elsewhere = await look(aMachine(everything, { platform: 'darwin' }));
    expect(elsewhere['bubblewrap']).toMatchObject({ status: 'warn', detail: expect.stringContaining('darwin') });
  });

  it('fails where no folder can be made', async () => {
    const file = join(workDir, 'file');
    writeFileSync(file, '');
    const found = await look(aMachine(everything), join(file, 'below'));
    expect(found['work folder']).toMatchObject({ status: 'fail', remedy: expect.stringContaining('--work-dir') });
  });

  it('of this very machine runs the real programs', async () => {
    const found = await look(thisMachine({ PATH: process.env['PATH'], OPENCODE_BINARY: process.execPath }));
    expect(found).toMatchObject({ node: { status: 'ok' }, git: { status: 'ok' } });
  });
});
