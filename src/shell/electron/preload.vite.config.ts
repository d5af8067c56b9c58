import { defineConfig } from 'vite';

/**
 * The preload, as one CommonJS file: a sandboxed preload can be neither a module nor in pieces, and
 * the package is `type: module`, so the file ends in `.cjs`.
 */
export default defineConfig({
  root: `${import.meta.dirname}/../../..`,
  publicDir: false,
  build: {
    ssr: 'src/shell/electron/preload.ts',
    outDir: 'dist/electron',
    emptyOutDir: false,
    sourcemap: false,
    target: 'node24',
    rollupOptions: {
      external: /^electron(\/|$)/,
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
    },
  },
});
