/** What is used of PouchDB; its own types know browsers only. */
declare module 'pouchdb' {
  interface Replicated {
    readonly docs_written: number;
  }
  export default class PouchDB {
    constructor(name: string);
    static defaults(options: { readonly prefix: string }): typeof PouchDB;
    bulkDocs(docs: readonly object[]): Promise<unknown>;
    readonly replicate: {
      to(target: PouchDB, options: { readonly batch_size: number }): Promise<Replicated>;
    };
    close(): Promise<void>;
  }
}

declare module 'express-pouchdb' {
  import type PouchDB from 'pouchdb';
  import type { RequestHandler } from 'express';
  export default function expressPouch(
    of: typeof PouchDB,
    options: { readonly mode: string; readonly configPath: string; readonly logPath: string },
  ): RequestHandler;
}

declare module 'express' {
  import type { Server } from 'node:http';
  export type RequestHandler = (...args: readonly unknown[]) => void;
  interface Application {
    use(path: string, handler: RequestHandler): void;
    listen(port: number, host: string, listening: () => void): Server;
  }
  export default function express(): Application;
}
