import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readSettings } from '#lib/config';
import { addOrchestrator } from '#lib/stacks/orchestrator';

const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8'));

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation likes
  readonly Properties: any;
}

/** The templates of a stage as they are deployed, with empty functions. */
export const synthesized = (context: Readonly<Record<string, string>> = {}) => {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  // `cdk synth` checks the rules of CloudFormation; loading them takes longer than a whole test file
  const app = new App({ context: flags, outdir, builtinCloudFormationValidation: false });
  const stacks = addOrchestrator(app, {
    settings: readSettings((key) => context[key]),
    code: () => Code.fromInline('export const handler = 0'),
    version: '1.2.3',
  });
  const templates = {
    data: Template.fromStack(stacks.data),
    workflow: Template.fromStack(stacks.workflow),
    api: Template.fromStack(stacks.api),
  };
  rmSync(outdir, { recursive: true });
  const resourcesOf = (type: string): Record<string, Resource> =>
    Object.assign({}, ...Object.values(templates).map((template) => template.findResources(type)));
  return { stacks, templates, resourcesOf };
};
