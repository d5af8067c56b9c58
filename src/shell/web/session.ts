import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** Who may talk to one page of the till: whoever holds the link's token once, then its cookie. */
export interface Session {
  /** Token of the next link; another one as soon as this one is used. */
  token(): string;
  /** Takes a token for the cookie header to set; null for a wrong or used one. */
  redeem(token: string | null): string | null;
  /** True for a `Cookie` header that holds this run's secret. */
  admits(cookieHeader: string | undefined): boolean;
}

/**
 * One run's secret.
 *
 * Loopback is shared with every other program and user of the machine, so an address alone proves
 * nothing. `name` is the cookie's. `onToken` is told each new token, first the first one.
 */
export function createSession(name: string, onToken: (token: string) => void): Session {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  let token = '';
  const renew = (): void => {
    token = randomBytes(SECRET_BYTES).toString('base64url');
    onToken(token);
  };
  renew();
  return {
    token: () => token,
    redeem(offered) {
      if (offered === null || !same(offered, token)) return null;
      // Used once: a link in a browser's history or a log opens nothing.
      renew();
      // HttpOnly: no script reads it. SameSite=Strict: no other site's page sends it.
      return `${name}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
    },
    admits(header) {
      const pairs = (header ?? '').split(';').map((pair) => pair.trim());
      return pairs.some(
        (pair) => pair.startsWith(`${name}=`) && same(pair.slice(name.length + 1), secret),
      );
    },
  };
}

/** Compares in constant time, lengths included: both sides are hashed first. */
function same(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
