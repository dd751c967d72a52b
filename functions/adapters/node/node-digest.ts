import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Digest } from '#application/ports/digest';

/** Digests by Node's crypto. */
export const nodeDigest: Digest = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  sha256Of() {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
  },
  hmac: (key, text) => createHmac('sha256', key).update(text).digest('base64url'),
  equal(a, b) {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length === right.length && timingSafeEqual(left, right);
  },
};
