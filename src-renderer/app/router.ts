import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { pages } from './pages.ts';

const routes: RouteRecordRaw[] = pages.map((page) => ({
  name: page.id,
  path: page.path,
  component: page.load,
  meta: { title: page.title, under: page.under },
}));

/** Routes live behind the `#`: the same files work under `app://` and under any port. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [...routes, { path: '/:rest(.*)*', redirect: '/' }],
});
router.afterEach((to) => {
  document.title = `${String(to.meta.title ?? '')} – Bitsmith`;
});
