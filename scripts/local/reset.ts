/** `npm run reset`: ends the local cloud and forgets its data; what was installed and built stays. */
import { rmSync } from 'node:fs';
import { defaultCloudFolder } from './cloud-folder.ts';
import { runCommand } from './command.ts';
import { forgetData, stopLocalCloud } from './local-cloud.ts';
import { step } from './step.mjs';

const folder = defaultCloudFolder();
await runCommand(folder, async () => {
  await stopLocalCloud(folder);
  await step('Data, forgotten', () => {
    forgetData(folder);
    rmSync(folder.sampleRepository, { recursive: true, force: true });
  });
});
