import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';

/**
 * The import law: what a file may import is decided by its folder. `src-shared` is pure; `src-renderer` has no rights;
 * `src-main` does the work and only its shell knows Electron.
 */
const tensorLibraries = { group: ['@tensorflow/*'], allowTypeImports: true };
const node = { group: ['node:*'] };
const restrict = (files, patterns, extra = {}) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
    ...extra,
  },
});
const message = (pattern, text) => ({ ...pattern, message: text });

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
  restrict(
    ['src-shared/**/*.ts'],
    [
      message(tensorLibraries, 'src-shared gets TensorFlow.js handed in; it may import its types only.'),
      message(node, 'src-shared is pure: no Node.'),
      message(
        { group: ['electron', 'vue', 'pinia', 'echarts', 'better-sqlite3', '#main/*', '#renderer/*', '**/src-main/**', '**/src-renderer/**'] },
        'src-shared imports only itself and zod.',
      ),
    ],
    { 'no-restricted-globals': ['error', 'process', 'window', 'document', 'Buffer', 'fetch'] },
  ),
  restrict(
    ['src-renderer/**/*.{ts,vue}'],
    [
      message(node, 'the window has no Node.'),
      message(
        { group: ['electron', 'better-sqlite3', '@tensorflow/*', '#main/*', '**/src-main/**'] },
        'the window reaches the host through src-shared/contract only.',
      ),
    ],
  ),
  restrict(
    ['src-renderer/**/*.{ts,vue}'],
    [
      message(node, 'the window has no Node.'),
      message(
        { group: ['electron', 'better-sqlite3', '@tensorflow/*', '#main/*', '**/src-main/**'] },
        'the window reaches the host through src-shared/contract only.',
      ),
      message({ group: ['echarts', 'echarts/*'] }, 'only components/chart touches ECharts.'),
    ],
  ),
  restrict(
    ['src-renderer/components/chart/**/*.{ts,vue}'],
    [
      message(node, 'the window has no Node.'),
      message(
        { group: ['electron', 'better-sqlite3', '@tensorflow/*', '#main/*', '**/src-main/**'] },
        'the window reaches the host through src-shared/contract only.',
      ),
    ],
  ),
  ...[
    // Only `app` and `preload` (the shell) and the utility-process port of `jobs/host` know Electron.
    {
      files: ['src-main/**/*.ts'],
      ignores: ['src-main/app/**', 'src-main/preload/**'],
      patterns: [message({ group: ['electron'] }, 'only the shell (src-main/app, src-main/preload) knows Electron.')],
      sqlite: ['src-main/store/**', 'src-main/platform/lock.ts'],
      spawn: ['src-main/toolchain/**', 'src-main/jobs/host/**', 'src-main/services/dataset/**', 'src-main/cli/start.ts'],
      tensors: ['src-main/backends/**', 'src-main/jobs/**'],
    },
  ].flatMap((law) => {
    const window = message({ group: ['#renderer/*', '**/src-renderer/**'] }, 'src-main never imports the window.');
    const sqlite = message({ group: ['better-sqlite3'] }, 'only src-main/store opens SQLite.');
    const spawn = message({ group: ['node:child_process'] }, 'only toolchain, jobs/host and the npm download spawn programs.');
    const tensors = message(tensorLibraries, 'only back ends and jobs compute with tensors.');
    const all = [...law.patterns, window, sqlite, spawn, tensors];
    const without = (...left) => all.filter((pattern) => !left.includes(pattern));
    return [
      restrict(law.files, all),
      restrict(law.sqlite, without(sqlite)),
      restrict(law.spawn, without(spawn)),
      restrict(law.tensors, without(tensors)),
      restrict(['src-main/jobs/host/**/*.ts'], without(spawn)),
      restrict(['src-main/app/**/*.ts', 'src-main/preload/**/*.ts'], [window, sqlite, tensors]),
    ];
  }),
  {
    // The command line's output is its product.
    files: ['src-main/cli/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
