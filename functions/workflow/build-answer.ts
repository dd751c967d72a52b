import type { BuildAnswer } from '#contracts/curation-workflow';

/** How a dataset stands after a state, for the machine to branch by and to fail with. */
export const buildAnswer = ({
  status,
  error,
}: {
  readonly status: BuildAnswer['status'];
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}): BuildAnswer => ({ status, error: error?.code ?? '', cause: error?.message ?? '' });
