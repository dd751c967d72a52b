const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const patienceMs = 2000;

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const line = (mark, title, ms, note) =>
  `${mark} ${title.padEnd(34)} ${seconds(ms).padStart(7)}${note ? `  ${note}` : ''}`;

/** A spinner with the running time; returns what takes it away. */
function spin(title, started) {
  let frame = 0;
  const draw = () => {
    frame = (frame + 1) % frames.length;
    process.stdout.write(`\r\x1b[K${line(frames[frame], title, performance.now() - started)}`);
  };
  draw();
  const timer = setInterval(draw, 100);
  return () => {
    clearInterval(timer);
    process.stdout.write('\r\x1b[K');
  };
}

/** One plain line when the step takes long enough to wonder; returns what calls it off. */
function announce(title) {
  const timer = setTimeout(() => process.stdout.write(`… ${title}\n`), patienceMs);
  return () => clearTimeout(timer);
}

/**
 * Shows one step while it runs and its elapsed time when it ends.
 * `work` gets a function that sets the remark behind the time. Rejects as `work` does.
 */
export async function step(title, work) {
  const started = performance.now();
  const end = process.stdout.isTTY ? spin(title, started) : announce(title);
  let remark = '';
  let mark = '✖';
  try {
    const result = await work((text) => {
      remark = text;
    });
    mark = '✔';
    return result;
  } finally {
    end();
    process.stdout.write(`${line(mark, title, performance.now() - started, remark)}\n`);
  }
}
