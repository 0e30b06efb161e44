/**
 * The bundles and what ships beside them; of the packages, electron-builder takes those of `dependencies`. Binaries of other
 * systems come with the packages and are left out.
 */
const filesWithout = (...systems) => [
  'out/**',
  'resources/**',
  'package.json',
  'LICENSE',
  '!**/*.map',
  '!**/*.d.ts',
  '!node_modules/**/{test,tests,example,examples,docs,coverage}/**',
  '!node_modules/better-sqlite3/{deps,src}/**',
  '!node_modules/webgpu/build/**',
  `!node_modules/webgpu/dist/{${systems.join(',')}}-*/**`,
  `!node_modules/better-sqlite3/prebuilds/{${systems.join(',')}}*-*`,
];

/**
 * Installers: `npm run dist` on the platform that they are for. Nothing is published and nothing is signed here; where a
 * certificate is in the environment, electron-builder uses it.
 *
 * @type {import('electron-builder').Configuration}
 */
export default {
  appId: 'org.bitsmith.app',
  productName: 'Bitsmith',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  asar: true,
  // Native code is loaded by the system, and compilers read the firmware's runtime: neither sees into an archive.
  asarUnpack: ['resources/**', '**/*.node', '**/*.wasm', 'node_modules/@img/**', 'node_modules/webgpu/**'],
  // Every native package ships Node-API binaries, which fit Electron as they are.
  npmRebuild: false,
  publish: null,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb'],
    files: filesWithout('darwin', 'win32'),
    category: 'Development',
    synopsis: 'Quantization-aware training and bit-exact firmware export',
    icon: 'resources/icons/icon.png',
    maintainer: 'Bitsmith <bitsmith@users.noreply.github.com>',
  },
  win: { target: ['nsis'], files: filesWithout('darwin', 'linux'), icon: 'resources/icons/icon.png' },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  mac: {
    target: ['dmg'],
    files: filesWithout('linux', 'win32'),
    category: 'public.app-category.developer-tools',
    icon: 'resources/icons/icon.png',
    hardenedRuntime: true,
  },
};
