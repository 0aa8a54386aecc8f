document.querySelector("#app").textContent = "码上就来";
