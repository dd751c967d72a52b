import { type CommonOptions, type Context, printJson } from '#apps/cli/context';
import { checkApi } from '#apps/cli/doctor/check-api';
import { checkMachine } from '#apps/cli/doctor/check-machine';
import { codeOf, type Finding } from '#apps/cli/doctor/finding';
import { type Machine, thisMachine } from '#apps/cli/doctor/machine';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { packageFacts } from '#apps/cli/package-facts';

export interface DoctorOptions extends CommonOptions {
  readonly workDir?: string;
}

/** `iorch doctor`: what keeps sessions or runners from working here, and what to do about it. */
export const doctor =
  (context: Context, machine: Machine = thisMachine(context.env)) =>
  async ({ workDir, ...options }: DoctorOptions): Promise<ExitCode> => {
    const { version, openCodeVersion } = packageFacts();
    const findings = [
      ...(await checkApi(context, options.profile, version)),
      ...(await checkMachine(machine, { workDir, openCodeVersion })),
    ];
    const code = codeOf(findings);
    if (options.json) printJson(context, { healthy: code === exitCode.done, checks: findings.map(forPrograms) });
    else context.terminal.out([...findings.flatMap(linesOf), summaryOf(findings)].join('\n'));
    return code;
  };

const forPrograms = ({ check, status, detail, remedy }: Finding) => ({ check, status, detail, remedy });

const checkWidth = 'work folder'.length;

const linesOf = ({ check, status, detail, remedy }: Finding): string[] => [
  `${status.padEnd('warn'.length)}  ${check.padEnd(checkWidth)}  ${detail}`,
  ...(remedy === undefined ? [] : [`${' '.repeat('warn'.length + 2 + checkWidth + 2)}→ ${remedy}`]),
];

const summaryOf = (findings: readonly Finding[]): string => {
  const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
  const failed = count('fail');
  if (failed > 0) return `${failed} of ${findings.length} checks failed.`;
  const warned = count('warn');
  return warned > 0 ? `Everything needed is there; ${warned} to know about.` : 'Everything is there.';
};
