import { describe, expect, it } from 'vitest';
import { signRequest } from '#adapters/sts/sign-request';

// the worked example in AWS's own documentation of signature version 4
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const url = new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08');
const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
const signer = { credentials, region: 'us-east-1', service: 'iam', now: Date.UTC(2015, 7, 30, 12, 36, 0) };

describe('a signed request', () => {
  it('carries the signature of the documented example', async () => {
    const headers = await signRequest({ method: 'GET', url, contentType, body: '' }, signer);
    expect(headers['x-amz-date']).toBe('20150830T123600Z');
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('signs the session token of a role along with the rest, and the body', async () => {
    const request = { method: 'POST', url, contentType, body: 'a=1' } as const;
    const asRole = { ...signer, credentials: { ...credentials, sessionToken: 'TOKEN' } };
    const signed = await signRequest(request, asRole);
    expect(signed).toMatchObject({ 'x-amz-security-token': 'TOKEN' });
    expect(signed['authorization']).toContain('SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,');
    const other = await signRequest({ ...request, body: 'a=2' }, asRole);
    expect(other['authorization']).not.toBe(signed['authorization']);
  });
});
