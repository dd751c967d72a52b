import type { Actor } from '#domain/event';
import { type Model, type ModelChange, recordModel } from './registered-model.ts';

/** What a person may change of a model. Null clears; absent leaves. */
export interface ModelPatch {
  readonly description?: string | null | undefined;
  readonly challengerPercent?: number | undefined;
}

export const MAX_CHALLENGER_PERCENT = 50;

/** Changes a model. Undefined when everything is as asked for. */
export const patchModel = (
  model: Model,
  { description = model.description ?? null, challengerPercent = model.challengerPercent }: ModelPatch,
  { actor, at }: { readonly actor: Actor; readonly at: string },
): ModelChange | undefined => {
  const changed = [
    ...(description === (model.description ?? null) ? [] : ['description']),
    ...(challengerPercent === model.challengerPercent ? [] : ['challenger_percent']),
  ];
  if (changed.length === 0) return undefined;
  const patched = { ...model, description: description ?? undefined, challengerPercent };
  const { after, event } = recordModel(patched, { type: 'model.updated', payload: { changed, actor } }, at);
  return { before: model, after, moves: [], events: [event] };
};
