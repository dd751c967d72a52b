/** A digest of what comes piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Once, when everything has come. */
  hex(): string;
}

/** One-way digests. */
export interface Digest {
  /** Hex. */
  sha256(text: string): string;
  sha256Of(): Hasher;
  /** Base64url of HMAC-SHA256. */
  hmac(key: string, text: string): string;
  /** Compares in constant time. */
  equal(a: string, b: string): boolean;
}
