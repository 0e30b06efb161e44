import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';

/**
 * Lint, with the import law: what a file may import is decided by its folder. `src-shared` is pure; `src-renderer` has no rights;
 * `src-main` does the work and only its shell knows Electron.
 */
const forbid = (group, message, options = {}) => ({ group, message, ...options });
const law = (files, patterns, rules = {}) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }], ...rules },
});

// A pattern is read as in .gitignore, where a bare # would begin a comment.
const MAIN = ['\\#main/**', '**/src-main/**'];
const RENDERER = ['\\#renderer/**', '**/src-renderer/**'];
const TENSORS = ['@tensorflow/*'];

const noNode = forbid(['node:*'], 'no Node here.');
const noCharts = forbid(['echarts', 'echarts/*'], 'only components/chart touches ECharts.');
const contractOnly = forbid(
  ['electron', 'better-sqlite3', ...TENSORS, ...MAIN],
  'the window reaches the host through src-shared/contract only.',
);

const noWindow = forbid(RENDERER, 'src-main never imports the window.');
const noElectron = forbid(['electron'], 'only the shell (src-main/app, src-main/preload) knows Electron.');
const noSqlite = forbid(['better-sqlite3'], 'only src-main/store and the lock open SQLite.');
const noSpawn = forbid(
  ['node:child_process'],
  'only toolchain, jobs/host, the npm download and the launcher spawn programs.',
);
const noTensors = forbid(TENSORS, 'only back ends and jobs compute with tensors.');

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', '**/*.d.ts', '.cache'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'no-undef': 'off',
      eqeqeq: 'error',
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src-main/**/*.ts', 'test/**/*.ts', '*.config.{ts,js}'],
    languageOptions: { globals: globals.node },
  },
  law(
    ['src-shared/**/*.ts'],
    [
      noNode,
      forbid(TENSORS, 'src-shared gets TensorFlow.js handed in; it may import its types only.', {
        allowTypeImports: true,
      }),
      forbid(
        ['electron', 'vue', 'pinia', 'echarts', 'better-sqlite3', ...MAIN, ...RENDERER],
        'src-shared imports only itself and zod.',
      ),
    ],
    { 'no-restricted-globals': ['error', 'process', 'window', 'document', 'Buffer', 'fetch'] },
  ),
  law(['src-renderer/**/*.{ts,vue}'], [noNode, contractOnly, noCharts]),
  law(['src-renderer/components/chart/**/*.{ts,vue}'], [noNode, contractOnly]),
  law(['src-main/**/*.ts'], [noWindow, noElectron, noSqlite, noSpawn, noTensors]),
  law(['src-main/store/**/*.ts', 'src-main/platform/lock.ts'], [noWindow, noElectron, noSpawn, noTensors]),
  law(
    ['src-main/toolchain/**/*.ts', 'src-main/services/dataset/**/*.ts', 'src-main/jobs/host/**/*.ts'],
    [noWindow, noElectron, noSqlite, noTensors],
  ),
  law(
    ['src-main/backends/**/*.ts', 'src-main/jobs/training/**/*.ts'],
    [noWindow, noElectron, noSqlite, noSpawn],
  ),
  law(['src-main/app/**/*.ts', 'src-main/preload/**/*.ts'], [noWindow, noSqlite, noTensors, noSpawn]),
  law(['src-main/app/launch.ts'], [noWindow, noSqlite, noTensors]),
  {
    // The command line's output is its product.
    files: ['src-main/cli/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
