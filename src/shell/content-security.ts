/**
 * The page's content security policy, the same in both shells.
 *
 * Nothing is allowed that is not named: the page shows members' names, and a receipt printer or a
 * product list is not a place a script may come from.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // Only files of the bundle: no inline script, no eval, no other origin.
  "script-src 'self'",
  // React Aria injects one style, always the same, named here by its hash.
  "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  // data: for the virtual printer's paper, shown as a picture so that it cannot run anything.
  "img-src 'self' data:",
  "font-src 'self'",
  // The web shell's socket; in Electron nothing but files.
  "connect-src 'self'",
  // Relative addresses cannot be bent to another origin.
  "base-uri 'none'",
  // The page sends nothing by form.
  "form-action 'none'",
  // Nobody puts the till into a frame and tricks taps out of a cashier.
  "frame-ancestors 'none'",
  // Text never becomes markup: innerHTML and its kin refuse strings, and no policy may say otherwise.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Headers of every answer, whatever it holds. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  // A file is what its type says; the browser does not guess a script out of it.
  'x-content-type-options': 'nosniff',
  // A window that opened the till keeps no handle on it.
  'cross-origin-opener-policy': 'same-origin',
  // Other origins cannot load the till's files as their own resources.
  'cross-origin-resource-policy': 'same-origin',
  // The one-time token in /open?token= never travels on as a referrer.
  'referrer-policy': 'no-referrer',
  // Devices live in the device process; the page has no use for any of these.
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
};
