import { join, resolve } from 'node:path';

/** What lies where in a till's data folder. */
export interface DataFolder {
  readonly folder: string;
  /** Locked while a till runs on this folder. */
  readonly instance: string;
  readonly database: string;
  readonly server: string;
  readonly secrets: string;
  /** The same secrets under the operating system's key. */
  readonly encryptedSecrets: string;
  readonly enrolment: string;
  readonly log: string;
  /** Which device has which role at this till. */
  readonly devices: string;
  /** Reports for somebody who helps from far away. */
  readonly reports: string;
  /** The link that opens the page now, for its owner's eyes only. */
  readonly link: string;
  /** The same for the shopper's display. */
  readonly displayLink: string;
  readonly browserProfile: string;
}

/** Where a till keeps its data when nobody says where: the demo and a shop of one's own are apart. */
export function usualFolder(
  root: string,
  ownShop: boolean,
  names = { demo: '.data', shop: '.shop' },
): string {
  return join(root, ownShop ? names.shop : names.demo);
}

/** Names of everything in a data folder. */
export function dataFolder(path: string): DataFolder {
  const folder = resolve(path);
  const within = (name: string): string => join(folder, name);
  return {
    folder,
    instance: within('instance'),
    database: within('till'),
    server: within('server'),
    secrets: within('secrets.json'),
    encryptedSecrets: within('secrets.bin'),
    enrolment: within('enrolment.json'),
    log: join(folder, 'log', 'till.log'),
    devices: within('devices.json'),
    reports: within('reports'),
    link: within('link.txt'),
    displayLink: within('display-link.txt'),
    browserProfile: within('browser'),
  };
}
