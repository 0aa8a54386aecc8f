import { createApp } from "vue";
import App from "./App.vue";
import { useElement } from "./element";
import { router } from "./router";
import { followTheme } from "./state/theme";
import "./style.css"; // after the parts' own styles: it changes their colours

const app = createApp(App);
useElement(app);
followTheme();
app.use(router);
app.mount("#app");

// A page not loaded yet is gone once a newer console is deployed: then this one is loaded anew, at most once a minute.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("reloaded") ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("reloaded", String(Date.now()));
  location.reload();
});
