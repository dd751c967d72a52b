import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { readSettings } from '#lib/config';
import { addNagChecks } from '#lib/nag-checks';
import { addOrchestrator } from '#lib/stacks/orchestrator';
import type { CheckReport, Stack, Synthesis } from '#test/lib/synthesis';

const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8'));

/** Templates are written whatever the checks find: it is one test that fails for it, not all. */
const checkedSynth = (app: App, report: string): CheckReport[] => {
  try {
    app.synth();
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  return JSON.parse(readFileSync(report, 'utf8')).pluginReports;
};

/** Synthesizes a stage as it is deployed, with empty functions. Loads the CDK: tests ask `synthesized`, which keeps the outcome. */
export const synthesize = (context: Readonly<Record<string, string>>): Synthesis => {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  try {
    // `cdk synth` checks the rules of CloudFormation; loading them takes longer than a whole test file
    const app = new App({ context: flags, outdir, builtinCloudFormationValidation: false });
    const settings = readSettings((key) => context[key]);
    addOrchestrator(app, { settings, code: () => Code.fromInline('export const handler = 0'), version: '1.2.3' });
    addNagChecks(app, settings.stage);
    const checks = checkedSynth(app, join(outdir, 'validation-report.json'));
    const prefix = `iorch-${settings.stage}-`;
    const stacks = new CloudAssembly(outdir).stacks.map((artifact): [string, Stack] => [
      artifact.stackName.slice(prefix.length),
      {
        stackName: artifact.stackName,
        terminationProtection: artifact.terminationProtection ?? false,
        environment: artifact.environment.name,
        tags: artifact.tags,
        template: artifact.template,
      },
    ]);
    return { stacks: Object.fromEntries(stacks), checks };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
