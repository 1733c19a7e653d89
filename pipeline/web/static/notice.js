// A value and where it stands light up together: by pointing, by focus, by a click, and by the address.

const LIT = "lit";

export function start(reader) {
  const pane = reader.querySelector("[data-pane]");
  const places = new Map(); // field -> its boxes on the pages, or stretches of the text
  for (const place of reader.querySelectorAll("[data-for]")) {
    for (const id of place.dataset.for.split(" ")) places.set(id, [...(places.get(id) ?? []), place]);
  }
  rove([...reader.querySelectorAll("[data-for]")]);

  const fieldsOf = (element) => {
    const value = element.closest?.("[data-field]");
    if (value) return [value.dataset.field];
    const place = element.closest?.("[data-for]");
    return place ? place.dataset.for.split(" ").slice(-1) : [];
  };
  const light = (ids) => {
    for (const lit of reader.querySelectorAll("." + LIT)) lit.classList.remove(LIT);
    for (const id of ids) {
      reader.querySelector(`[data-field="${id}"]`)?.classList.add(LIT);
      for (const place of places.get(id) ?? []) place.classList.add(LIT);
    }
  };
  const showPlace = (id) => {
    const first = places.get(id)?.[0];
    if (first) scrollInside(pane, first);
  };
  const showField = (id) => document.getElementById(id)?.scrollIntoView({ block: "nearest" });

  let held = []; // what stays lit when nothing is pointed at
  const hold = (ids) => {
    held = ids;
    light(held);
  };
  let byKeys = false; // then what scrolls beneath a pointer at rest is not pointed at
  reader.addEventListener("keydown", () => (byKeys = true), true);
  reader.addEventListener("pointermove", (event) => {
    if (event.movementX || event.movementY) byKeys = false;
  });
  reader.addEventListener("pointerover", (event) => {
    if (byKeys) return;
    const ids = fieldsOf(event.target);
    light(ids.length ? ids : held);
  });
  reader.addEventListener("pointerleave", () => light(held));
  reader.addEventListener("focusin", (event) => {
    const ids = fieldsOf(event.target);
    if (!ids.length) return;
    hold(ids);
    if (event.target.closest("[data-field]")) showPlace(ids[0]);
    else showField(ids[0]);
  });
  reader.addEventListener("click", (event) => {
    const ids = fieldsOf(event.target);
    if (!ids.length || event.metaKey || event.ctrlKey) return;
    event.preventDefault(); // the address's jump would move the whole page
    hold(ids);
    history.replaceState(history.state, "", `#${ids[0]}`);
    if (event.target.closest("[data-field]")) showPlace(ids[0]);
    else reader.querySelector(`[data-field="${ids[0]}"]`)?.focus();
  });
  const asked = decodeURIComponent(location.hash.slice(1));
  if (places.has(asked)) {
    hold([asked]);
    showPlace(asked);
  }
}

// Scroll the pane, and nothing around it, so that a place is seen.
export function scrollInside(pane, place) {
  const inner = place.getBoundingClientRect();
  const outer = pane.getBoundingClientRect();
  const above = inner.top - outer.top;
  const room = Math.max(24, (outer.height - inner.height) / 3);
  if (above < 24 || above + inner.height > outer.height - 24) pane.scrollTop += above - room;
}

// One stop of the tabulator for all places; arrows go from one to the next.
function rove(all) {
  const corners = new Map(all.map((place) => [place, place.getBoundingClientRect()]));
  const order = (one, other) => corners.get(one).top - corners.get(other).top || corners.get(one).left - corners.get(other).left;
  const places = all.sort(order); // as one reads; in the page the small boxes come last, to lie on top
  const stop = (place) => {
    for (const other of places) other.setAttribute("tabindex", other === place ? "0" : "-1");
  };
  if (places.length) stop(places[0]);
  for (const [index, place] of places.entries()) {
    place.addEventListener("focus", () => stop(place));
    place.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const next = step && places[index + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }
}
