import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * One bundle for both shells.
 *
 * The base is relative: the same files load from `http://127.0.0.1:PORT/` and from `till://app/`.
 * Nothing is inlined, because the page's policy allows no inline script, style or `data:` font, and
 * there are no source maps, because the bundle ships to shops.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome130',
    rolldownOptions: {
      input: [`${import.meta.dirname}/index.html`, `${import.meta.dirname}/display.html`],
      output: {
        codeSplitting: {
          // Several pages share schemas. zod and its settings lie together, so that the settings
          // are there before the first schema, in whichever piece that is.
          groups: [{ name: 'zod', test: /[\\/]node_modules[\\/]zod[\\/]|[\\/]zod-config\.ts$/ }],
        },
      },
    },
    chunkSizeWarningLimit: 700,
  },
});
