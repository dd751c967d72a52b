import { type ArmComparison, type ArmFigures, compareArms } from '#domain/model/compare-arms';
import { NO_TALLY } from '#domain/model/tally';
import { ARMS, type Trial } from '#domain/model/trial';
import type { ModelStore } from './ports/model-store.ts';

interface ShownArm extends ArmFigures {
  readonly version: string;
  /** Whether its base model stood in for it. */
  readonly simulated: boolean;
}

/** A trial with what came of it so far. */
export interface ShownTrial extends Omit<ArmComparison, 'champion' | 'challenger'> {
  readonly number: number;
  readonly since: string;
  readonly endedAt: string | null;
  readonly champion: ShownArm;
  readonly challenger: ShownArm;
  readonly simulated: boolean;
}

/** The trials of a model's challengers, the newest first. @throws NotFound */
export const makeListTrials = ({
  store,
}: {
  readonly store: Pick<ModelStore, 'getModel' | 'findModelVersion' | 'findTallies'>;
}) => {
  const isSimulated = async (modelName: string, version: string) =>
    (await store.findModelVersion(modelName, version))?.simulated ?? false;

  const show = async (
    modelName: string,
    { number, champion, challenger, since, endedAt }: Trial,
  ): Promise<ShownTrial> => {
    const [tallies, isChampionSimulated, isChallengerSimulated] = await Promise.all([
      store.findTallies(
        modelName,
        ARMS.map((arm) => ({ trial: number, arm })),
      ),
      isSimulated(modelName, champion),
      isSimulated(modelName, challenger),
    ]);
    const compared = compareArms(tallies[0] ?? NO_TALLY, tallies[1] ?? NO_TALLY);
    return {
      number,
      since,
      endedAt: endedAt ?? null,
      ...compared,
      champion: { version: champion, simulated: isChampionSimulated, ...compared.champion },
      challenger: { version: challenger, simulated: isChallengerSimulated, ...compared.challenger },
      simulated: isChampionSimulated || isChallengerSimulated,
    };
  };

  return async (modelName: string): Promise<readonly ShownTrial[]> => {
    const { name, trials = [] } = await store.getModel(modelName);
    return Promise.all(trials.toReversed().map((trial) => show(name, trial)));
  };
};
