/** `npm stop`: ends what `npm start` left running and keeps its data. */
import { defaultCloudFolder } from './cloud-folder.ts';
import { runCommand } from './command.ts';
import { stopLocalCloud } from './local-cloud.ts';

const folder = defaultCloudFolder();
await runCommand(folder, async () => {
  const didRun = await stopLocalCloud(folder);
  console.log(
    didRun ? '\nThe local cloud is stopped; npm start goes on with its data.' : '\nThe local cloud was not running.',
  );
});
