import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readSettings } from '#lib/config';
import { addOrchestrator } from '#lib/stacks/orchestrator';
import type { Stack, Synthesis } from '#test/lib/synthesized';

const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8'));

/** Synthesizes a stage as it is deployed, with empty functions. Loads the CDK: tests ask `synthesized`, which keeps the outcome. */
export const synthesize = (context: Readonly<Record<string, string>>): Synthesis => {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  try {
    // `cdk synth` checks the rules of CloudFormation; loading them takes longer than a whole test file
    const app = new App({ context: flags, outdir, builtinCloudFormationValidation: false });
    const settings = readSettings((key) => context[key]);
    addOrchestrator(app, { settings, code: () => Code.fromInline('export const handler = 0'), version: '1.2.3' });
    const prefix = `iorch-${settings.stage}-`;
    const stacks = app.synth().stacks.map((artifact): [string, Stack] => [
      artifact.stackName.slice(prefix.length),
      {
        stackName: artifact.stackName,
        terminationProtection: artifact.terminationProtection ?? false,
        environment: artifact.environment.name,
        tags: artifact.tags,
        template: artifact.template,
      },
    ]);
    return { stacks: Object.fromEntries(stacks) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
