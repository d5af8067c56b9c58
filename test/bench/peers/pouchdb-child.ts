import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import expressPouch from 'express-pouchdb';
import PouchDB from 'pouchdb';

/** A CouchDB-like server on LevelDB, as its makers serve it: `DIRECTORY`; prints the port it listens on. */
const directory = process.argv[2] ?? '';
mkdirSync(directory, { recursive: true });
const app = express();
app.use(
  '/',
  expressPouch(PouchDB.defaults({ prefix: `${directory}/` }), {
    mode: 'minimumForPouchDB',
    configPath: join(directory, 'config.json'),
    logPath: join(directory, 'log.txt'),
  }),
);
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
process.on('disconnect', () => process.exit(0));
