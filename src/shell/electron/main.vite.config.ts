import { defineConfig } from 'vite';

/**
 * Electron's main process, the two processes it starts and the server's thread for its database, as
 * modules beside each other.
 *
 * Packages stay outside: native ones must, and the rest is read from the installed `node_modules`.
 * They lie two levels below the root like their sources, so that `../../migrations` is right.
 */
export default defineConfig({
  root: `${import.meta.dirname}/../../..`,
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/electron',
    emptyOutDir: true,
    sourcemap: false,
    target: 'node24',
    rollupOptions: {
      // Electron brings these itself.
      external: /^electron(\/|$)/,
      input: {
        main: 'src/shell/electron/main.ts',
        server: 'src/server/main.ts',
        devices: 'hardware/worker.ts',
        'pglite-worker': 'src/server/database/pglite-worker.ts',
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
