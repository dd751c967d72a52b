import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cruise, cruiseFiles, ruleNames } from './cruise.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const folders = ['apps', 'bench', 'bin', 'functions', 'lib', 'scripts', 'test'].filter((path) => existsSync(path));

describe('the import rules of the repository', () => {
  it('hold in every module', async () => {
    const { modules, violations } = await cruise(folders);
    expect(violations).toEqual([]);
    // a cruise that sees nothing finds nothing
    expect(modules.length).toBeGreaterThan(50);
  }, 60_000);
});

/** A tree in which every import is resolvable, so that only the planted one is wrong. */
const surroundings = {
  'functions/domain/session.ts': 'export const session = 1;',
  'functions/contracts/routes.ts': 'export const routes = 1;',
  'functions/contracts/sessions.ts': 'export type Session = number; export const sessions = 1;',
  'functions/application/start-session.ts': 'export const startSession = 1;',
  'functions/application/ports/clock.ts': 'export type Clock = () => number;',
  'functions/adapters/dynamodb/table.ts': 'export const table = 1;',
  'functions/adapters/dynamodb/session-store.ts': 'export const store = 1;',
  'functions/adapters/memory/session-store.ts': 'export const store = 1;',
  'functions/adapters/opencode/client.ts': 'export const client = 1;',
  'functions/runtime/compose.ts': 'export const compose = 1;',
  'functions/api/sessions/command.ts': 'export const handler = 1;',
  'lib/config.ts': 'export const config = 1;',
  'apps/cli/main.ts': 'export const main = 1;',
  'apps/runner/runner.ts': 'export const runner = 1;',
  'scripts/check.ts': 'export const check = 1;',
  'test/builders/a-session.ts': 'export const aSession = 1;',
  ...Object.fromEntries(
    ['zod', 'ulid', 'aws-cdk-lib', '@aws-sdk/client-sfn', 'vitest', 'undeclared'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'module.exports = {};'],
    ]),
  ),
};

const planted: readonly [rule: string, file: string, text: string][] = [
  ['domain-is-pure', 'functions/domain/wrong.ts', "import '#application/start-session';"],
  ['domain-is-pure', 'functions/domain/wrong.ts', "import type { Session } from '#contracts/sessions';"],
  ['domain-has-no-packages', 'functions/domain/wrong.ts', "import * as z from 'zod';"],
  ['domain-has-no-built-ins', 'functions/domain/wrong.ts', "import { randomUUID } from 'node:crypto';"],
  ['contracts-stand-alone', 'functions/contracts/wrong.ts', "import '#application/start-session';"],
  ['contracts-know-zod-only', 'functions/contracts/wrong.ts', "import { ulid } from 'ulid';"],
  ['contracts-run-in-a-browser', 'functions/contracts/wrong.ts', "import { readFile } from 'node:fs';"],
  ['application-knows-roles-only', 'functions/application/wrong.ts', "import '#adapters/memory/session-store';"],
  ['application-takes-contracts-as-types', 'functions/application/wrong.ts', "import '#contracts/sessions';"],
  ['application-has-no-packages', 'functions/application/wrong.ts', "import { ulid } from 'ulid';"],
  ['application-has-no-built-ins', 'functions/application/wrong.ts', "import { randomUUID } from 'node:crypto';"],
  ['adapters-implement-ports', 'functions/adapters/opencode/wrong.ts', "import '#adapters/dynamodb/session-store';"],
  ['adapters-implement-ports', 'functions/adapters/opencode/wrong.ts', "import '#application/start-session';"],
  [
    'memory-stands-in-for-the-table',
    'functions/adapters/memory/wrong.ts',
    "import '#adapters/dynamodb/session-store';",
  ],
  ['entries-are-thin', 'functions/api/sessions/wrong.ts', "import '#adapters/dynamodb/session-store';"],
  ['entries-are-thin', 'functions/events/wrong.ts', "import '#functions/api/sessions/command';"],
  ['entries-know-no-technology', 'functions/workflow/wrong.ts', "import '@aws-sdk/client-sfn';"],
  ['functions-stand-alone', 'functions/runtime/wrong.ts', "import '#lib/config';"],
  ['functions-without-cdk', 'functions/runtime/wrong.ts', "import 'aws-cdk-lib';"],
  ['infrastructure-knows-constants-only', 'lib/wrong.ts', "import '#adapters/dynamodb/session-store';"],
  ['infrastructure-packages', 'lib/wrong.ts', "import '@aws-sdk/client-sfn';"],
  ['cli-is-a-client', 'apps/cli/wrong.ts', "import '#adapters/opencode/client';"],
  ['runner-is-a-client', 'apps/runner/wrong.ts', "import '#apps/cli/main';"],
  ['apps-know-no-cloud', 'apps/runner/wrong.ts', "import '@aws-sdk/client-sfn';"],
  ['nobody-imports-tests', 'scripts/wrong.ts', "import '#test/builders/a-session';"],
  ['scripts-stand-apart', 'apps/cli/wrong.ts', "import '#scripts/check';"],
  ['no-circular', 'functions/domain/wrong.ts', "import './wrong-too.ts';"],
  ['no-unresolvable', 'scripts/wrong.ts', "import '#domain/gone';"],
  ['no-undeclared-packages', 'scripts/wrong.ts', "import 'undeclared';"],
  ['no-dev-packages-at-run-time', 'apps/cli/wrong.ts', "import 'vitest';"],
];

describe('the import rules', () => {
  it.each(planted)('%s finds its planted violation in %s: %s', async (rule, file, text) => {
    const back = { 'functions/domain/wrong-too.ts': "import './wrong.ts';" };
    const { violations } = await cruiseFiles({ ...surroundings, ...back, [file]: text }, manifest);
    expect(violations.map((violation) => violation.rule)).toContain(rule);
  });

  it('find nothing in a tree without a wrong import', async () => {
    const right = {
      'functions/runtime/right.ts': "import '#adapters/dynamodb/session-store'; import '@aws-sdk/client-sfn';",
      'functions/api/sessions/right.ts':
        "import './command.ts'; import '#runtime/compose'; import '#contracts/routes';",
      'functions/application/right.ts': "import type { Session } from '#contracts/sessions'; import '#domain/session';",
      'functions/adapters/memory/right.ts':
        "import type { Clock } from '#application/ports/clock'; import 'node:crypto';",
      'lib/right.ts': "import '#adapters/dynamodb/table'; import '#contracts/routes'; import 'aws-cdk-lib';",
      'apps/cli/right.ts': "import '#apps/runner/runner'; import '#contracts/sessions';",
      'apps/runner/right.ts': "import '#adapters/opencode/client'; import 'node:fs';",
      'test/right.test.ts': "import 'vitest'; import './builders/a-session.ts';",
    };
    const { modules, violations } = await cruiseFiles({ ...surroundings, ...right }, manifest);
    expect(violations).toEqual([]);
    expect(modules).toContain('functions/api/sessions/right.ts');
  });

  it('are each planted at least once', async () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(await ruleNames()));
  });
});
