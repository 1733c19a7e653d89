// Review by keys: the page is the same without this file; here links and forms of it change it in place.

import { draw, show } from "./frames.js";
import { scrollInside } from "./notice.js";

export function start(root) {
  const words = root.querySelector("[data-words]").dataset;
  const dialog = root.querySelector("[data-dialog]");
  const status = root.querySelector("[data-said]");
  const tell = (text) => (status.textContent = text);
  const find = (name) => root.querySelector(`[data-${name}]`);
  document.documentElement.classList.add("js");
  let drawing = null;
  let busy = false;
  let edited = "";

  const contents = () => [...new FormData(find("editing") ?? undefined)].filter(([name]) => name !== "seal").join("\n");
  const isDirty = () => contents() !== edited;
  const mark = () => {
    const dirty = isDirty();
    const clean = find("clean");
    clean?.classList.toggle("spare", dirty);
    find("dirty")?.classList.toggle("spare", Boolean(clean) && !dirty);
    find("dirty")?.classList.toggle("quiet", false);
  };

  // What a new state of the page needs; the focus goes to the value in hand, for keys and for those who listen.
  const settle = (first) => {
    drawing = null;
    edited = contents();
    for (const hidden of root.querySelectorAll("[data-help], [data-draw], [data-keys]")) hidden.hidden = false;
    if (find("trouble")) edited = ""; // what was typed is not saved yet
    mark();
    const pane = find("pane");
    const lit = pane?.querySelector(".lit");
    if (lit) scrollInside(pane, lit);
    if (pane && find("boxes") && find("trouble")) show(pane, find("boxes").value);
    const here = root.querySelector(".items [aria-current]");
    if (here) scrollInside(here.closest(".items"), here);
    if (!first || !location.hash) {
      const target = find("trouble") ? root.querySelector(".boxes-of :is(input, textarea, select)") : find("current");
      target?.focus({ preventScroll: first });
    }
    if (!first) window.scrollTo(0, 0);
    const told = find("trouble") ?? find("told");
    tell([told?.textContent, find("trouble") ? "" : find("current")?.textContent].filter(Boolean).join(" ").replace(/\s+/g, " ").trim());
  };

  // Show the page of an answer in the place of this one. What was typed stays where it is until an answer is here.
  const load = async (address, sent, back) => {
    if (busy) return;
    busy = true;
    root.classList.add("busy");
    try {
      const answer = await fetch(address, sent);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("review");
      if (!fresh) {
        const reason = page.querySelector("main h1, main .empty-title")?.textContent;
        throw new Error(reason ?? "");
      }
      document.getElementById("review").replaceWith(document.adoptNode(fresh));
      const clean = new URL(answer.url);
      clean.searchParams.delete("done");
      if (!back && answer.ok) history.pushState({ review: true }, "", clean);
      settle(false);
    } catch (error) {
      tell(error.message || words.failed);
      alertInPlace(error.message || words.failed);
    } finally {
      busy = false;
      root.classList.remove("busy");
    }
  };
  const alertInPlace = (text) => {
    const box = find("wrong") ?? document.createElement("p");
    box.dataset.wrong = "";
    box.className = "banner";
    box.textContent = text;
    document.getElementById("review").prepend(box);
  };
  // Its buttons are called "action", and hide the property of that name.
  const address = (form) => new URL(form.getAttribute("action"), location.href).href;
  const send = (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    return load(address(form), { method: "POST", body: new URLSearchParams(data) });
  };

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    if (form.method === "post") send(form, event.submitter);
    else load(`${address(form).split("?")[0]}?${new URLSearchParams(new FormData(form))}`);
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) return dialog.showModal();
    if (event.target.closest("[data-draw]")) return drawing ? drawing.keep() : begin();
    const link = event.target.closest("a[href]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const to = new URL(typeof link.href === "string" ? link.href : link.href.baseVal, location.href);
    if (to.pathname !== location.pathname) return;
    event.preventDefault();
    load(to.href);
  });
  root.addEventListener("input", mark);
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-now]")) event.target.form.requestSubmit();
    else mark();
  });
  addEventListener("popstate", () => load(location.href, undefined, true));

  const begin = () => {
    const boxes = find("boxes");
    const button = find("draw");
    if (!boxes || !button) return;
    button.setAttribute("aria-pressed", "true");
    tell(words.drawing);
    drawing = draw(find("pane"), boxes.value, words.box, (written) => {
      drawing = null;
      button.setAttribute("aria-pressed", "false");
      if (written !== null) boxes.value = written;
      tell(written === null ? words.dropped : words.kept);
      mark();
      show(find("pane"), isDirty() ? boxes.value : "");
      find("current").focus({ preventScroll: true });
    });
  };

  const step = (key) => root.querySelector(`[data-go="${key}"]`);
  const isTyping = (element) => element.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const keys = {
    j: () => step("j")?.click(),
    k: () => step("k")?.click(),
    n: () => step("n")?.click(),
    p: () => step("p")?.click(),
    e: () => select(root.querySelector(".boxes-of :is(input, textarea, select)")),
    x: () => find("reject")?.click(),
    b: begin,
    a: () => root.querySelector("#adding")?.focus(),
    u: () => find("undo") && send(find("undo")),
    "?": () => dialog.showModal(),
  };
  const select = (box) => {
    box?.focus();
    if (box?.setSelectionRange) box.setSelectionRange(box.value.length, box.value.length);
  };
  const save = () => {
    const form = find("editing");
    if (form) send(form, isDirty() ? find("dirty") : (find("clean") ?? find("dirty")));
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open || drawing) return;
    const on = event.target;
    if (isTyping(on)) {
      if (event.key === "Escape") {
        event.preventDefault();
        find("current")?.focus({ preventScroll: true });
      } else if (event.key === "Enter" && !event.shiftKey && on.closest("[data-editing]") && !on.matches("select, [data-boxes]")) {
        event.preventDefault();
        save();
      }
      return;
    }
    if (event.key === "Enter") {
      // A link, button or box that has the focus is what Enter is for.
      if (on.closest("a, button, summary, input, [data-pane]")) return;
      event.preventDefault();
      save();
      return;
    }
    const deed = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed || (event.shiftKey && event.key !== "?")) return;
    event.preventDefault();
    deed();
  });
  settle(true);
}
