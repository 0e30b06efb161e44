import { resolve } from 'node:path';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** Three builds: the processes with rights, the one bridge file between them and the window, and the window. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Packages stay in node_modules: native ones cannot be bundled, and TensorFlow.js must exist once only.
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          electron: resolve(root, 'src-main/app/electron.ts'),
          training: resolve(root, 'src-main/jobs/training/main.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/preload/preload.ts') },
        // A sandboxed preload can neither use ECMAScript modules nor require files of its own.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [
      vue(),
      ui({
        root,
        // The window works without a network: no web fonts, and the icons that it uses are bundled.
        autoImport: false,
        components: false,
        icon: { clientBundle: { scan: { globInclude: ['src-renderer/**/*.{ts,vue}'] } } },
        ui: {
          colors: { primary: 'copper', neutral: 'zinc' },
          button: {
            slots: { base: 'cursor-pointer' },
            defaultVariants: { size: 'sm' },
            // A pressed or hovered button stays as readable as it was.
            compoundVariants: [
              { color: 'primary', variant: 'solid', class: 'hover:bg-(--app-press) active:bg-(--app-press)' },
              { color: 'error', variant: 'solid', class: 'hover:bg-error/90 active:bg-error/90' },
            ],
          },
        },
      }),
    ],
    build: {
      outDir: resolve(root, 'out/renderer'),
      minify: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 900,
      emptyOutDir: true,
      rolldownOptions: { input: resolve(root, 'src-renderer/index.html') },
    },
  },
});
