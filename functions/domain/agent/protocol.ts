import { DomainError } from '#domain/errors';

/** Versions of the External Agent Protocol that are spoken here, oldest first. */
export const PROTOCOL_VERSIONS = ['1.0', '1.1'] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** The agent speaks a protocol that nobody here knows. */
export class UnsupportedProtocolVersion extends DomainError {
  readonly code = 'UNSUPPORTED_PROTOCOL_VERSION';
  override readonly extras = { supported_versions: PROTOCOL_VERSIONS };

  constructor(asked: string) {
    super(`protocol_version ${asked} is not supported`);
  }
}

const VERSION = /^(\d+)\.(\d+)$/;

/** A known major version with a higher minor is granted the highest minor that is spoken here. @throws UnsupportedProtocolVersion */
export const grantedVersion = (asked: string): ProtocolVersion => {
  const [, major, minor] = VERSION.exec(asked) ?? [];
  if (major !== '1') throw new UnsupportedProtocolVersion(asked);
  return Number(minor) === 0 ? '1.0' : '1.1';
};
