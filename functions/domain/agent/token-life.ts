import type { Directive } from '#domain/assignment/directive';
import type { Agent } from './agent.ts';

const DAY_MS = 24 * 3600 * 1000;
const LIFE_DAYS = 90;
const ROTATE_DAYS_BEFORE = 7;

/** When a token that is issued now ends. */
export const tokenExpiry = (now: number): string => new Date(now + LIFE_DAYS * DAY_MS).toISOString();

/** Tells an agent whose token ends within a week to get another one. */
export const tokenDirectives = ({ tokenExpiresAt }: Agent, now: number): readonly Directive[] =>
  tokenExpiresAt !== undefined && Date.parse(tokenExpiresAt) - now < ROTATE_DAYS_BEFORE * DAY_MS
    ? [{ type: 'rotate_token', deadlineAt: tokenExpiresAt }]
    : [];
