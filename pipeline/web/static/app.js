// What pages need beyond their HTML. Every page can be read without this file.
//
// An element with data-module="notice" is given to start() of ./notice.js, also when it comes later.

const started = new WeakSet();

async function startAll(root) {
  const found = root.querySelectorAll("[data-module]");
  for (const element of root.matches?.("[data-module]") ? [root, ...found] : found) {
    const name = element.dataset.module;
    if (started.has(element) || !/^[a-z]+$/.test(name)) continue;
    started.add(element);
    const module = await import(`./${name}.js`);
    module.start(element);
  }
}

startAll(document.documentElement);
document.addEventListener("htmx:load", (event) => startAll(event.target));
