import type { Session } from '#contracts/session';
import type { SessionDiff, SessionResult } from '#contracts/session-result';
import { diffStat } from './diff-stat.ts';
import { count, dollars, duration, percent } from './quantities.ts';
import { servedVersion } from './served-version.ts';
import { fields } from './table.ts';
import { verificationTable } from './verification-table.ts';
import { oneLine } from './visible.ts';

export interface Report {
  readonly session: Session;
  readonly result: SessionResult;
  readonly diff: SessionDiff;
}

/** What became of a session, for people: verdict, verification, changed files, branch. */
export const sessionReport = (report: Report, program: string): string =>
  [verdict(report), ...verification(report), ...changes(report), summary(report, program)].join('\n\n');

/** Whether the session did what it was asked for. */
export const hasSucceeded = ({ status }: Session): boolean =>
  status === 'completed' || status === 'partially_completed';

const verdict = ({ session }: Report) => {
  const mark = hasSucceeded(session) ? '✔' : '✘';
  const rate = session.success_rate === undefined ? '' : `, success rate ${percent(session.success_rate)}`;
  const error = session.error ? `\n  ${oneLine(`${session.error.code}: ${session.error.message}`)}` : '';
  return `${mark} ${session.status} after ${duration(session.active_seconds * 1000)} of work${rate}${error}`;
};

const verification = ({ result }: Report) =>
  result.verification.length === 0 ? [] : [verificationTable(result.verification)];

const changes = ({ diff }: Report) => (diff.available ? [diffStat(diff.files)] : []);

const summary = ({ session, result }: Report, program: string) =>
  fields([
    ['session', session.id],
    ['branch', branchOf(result)],
    ['commit', result.result_commit],
    ['model', modelOf(session, result)],
    ['version', servedVersion(session.model_resolution)],
    ['usage', usageOf(result)],
    ['agent', result.summary && firstLine(result.summary)],
    ['more', `${program} session diff ${session.id}`],
  ]);

const branchOf = ({ result_branch, pushed }: SessionResult) =>
  result_branch &&
  `${result_branch}${pushed ? ' (pushed)' : " (kept in the runner's cache; --push sends it to the repository)"}`;

/** Which model did the work; a runner without the one that the session asks for may have let another do it. */
const modelOf = ({ model_identifier, model_resolution }: Session, { model, simulated }: SessionResult) => {
  if (model === undefined) return undefined;
  const asked = model_resolution?.model_identifier ?? model_identifier ?? model;
  const notes = [
    ...(simulated ? ['scripted: no model was asked'] : []),
    ...(asked === model ? [] : [`instead of ${asked}`]),
  ];
  return notes.length === 0 ? model : `${model} (${notes.join('; ')})`;
};

const usageOf = ({ usage }: SessionResult) => {
  const tokens = usage.input_tokens + usage.output_tokens + usage.reasoning_tokens;
  return tokens === 0 && usage.cost_usd === 0 ? undefined : `${count(tokens, 'token')}, ${dollars(usage.cost_usd)}`;
};

const firstLine = (text: string) => text.split('\n', 1)[0];
