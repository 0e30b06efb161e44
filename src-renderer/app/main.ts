import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import '../styles/main.css';
import App from './App.vue';
import { loadPagesWhenIdle } from './load-pages.ts';
import { pages } from './pages.ts';
import { router } from './router.ts';

createApp(App).use(createPinia()).use(router).use(ui).mount('#app');
loadPagesWhenIdle(pages);
