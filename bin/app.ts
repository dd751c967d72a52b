import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readSettings } from '#lib/config';
import { addNagChecks } from '#lib/nag-checks';
import { addOrchestrator } from '#lib/stacks/orchestrator';
import metadata from '../package.json' with { type: 'json' };

const bundle = (name: string) => fileURLToPath(new URL(`../dist/functions/${name}`, import.meta.url));

const app = new App();
const settings = readSettings((key) => app.node.tryGetContext(key));
addOrchestrator(app, {
  settings,
  code: (name) => Code.fromAsset(bundle(name)),
  version: metadata.version,
});
addNagChecks(app, settings.stage);
app.synth();
