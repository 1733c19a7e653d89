// Boxes on pages that a person draws, moves and sizes, by pointer and by keys; lengths are points of the page.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 3; // points that a box is wide and high at least
const STEP = 2;
const CORNERS = [[1, 2], [3, 2], [3, 4], [1, 4]]; // of [page, left, top, right, bottom]

const read = (written) =>
  written.split("\n").map((line) => line.trim().split(/[\s,]+/).map(Number)).filter((box) => box.length === 5 && box.every(Number.isFinite));
const write = (boxes) => boxes.map((box) => box.map((length) => Math.round(length * 10) / 10).join(" ")).join("\n");

function node(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

// A sheet of glass over each page, in its points.
function glass(pane, name) {
  for (const old of pane.querySelectorAll(".frames")) old.remove();
  return new Map([...pane.querySelectorAll(".boxes")].map((boxes) => {
    const { page, width, height } = boxes.dataset;
    const made = node("svg", { class: name, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" });
    boxes.after(made);
    return [Number(page), { made, width: Number(width), height: Number(height) }];
  }));
}

function place(rect, [, left, top, right, bottom]) {
  for (const [key, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(key, value);
}

// Show boxes that are not saved yet; none, where nothing is written.
export function show(pane, written) {
  const sheets = glass(pane, "frames own");
  for (const box of read(written)) {
    const sheet = sheets.get(box[0]);
    if (sheet) place(node("rect", {}, sheet.made), box);
  }
}

// Let somebody draw; `done` gets what is to be written, or null where it was dropped. Returns how to keep what is drawn.
export function draw(pane, written, label, done) {
  const root = pane.closest("#review");
  const sheets = glass(pane, "frames");
  let boxes = read(written);
  let held = 0; // the box in hand
  root.classList.add("drawing");

  const inside = (box) => {
    const { width, height } = sheets.get(box[0]);
    const clamp = (value, most) => Math.min(Math.max(value, 0), most);
    const [page, left, top, right, bottom] = box;
    const x = [clamp(Math.min(left, right), width - LEAST), clamp(Math.max(left, right), width)];
    const y = [clamp(Math.min(top, bottom), height - LEAST), clamp(Math.max(top, bottom), height)];
    return [page, x[0], y[0], Math.max(x[1], x[0] + LEAST), Math.max(y[1], y[0] + LEAST)];
  };
  const moved = ([page, left, top, right, bottom], across, down) => {
    const { width, height } = sheets.get(page);
    const x = Math.min(Math.max(across, -left), width - right);
    const y = Math.min(Math.max(down, -top), height - bottom);
    return [page, left + x, top + y, right + x, bottom + y];
  };
  const paint = (focus) => {
    for (const { made } of sheets.values()) made.replaceChildren();
    for (const [index, box] of boxes.entries()) {
      const sheet = sheets.get(box[0]);
      if (!sheet) continue;
      const group = node("g", { tabindex: "0", role: "img", "aria-label": label.replace("{page}", box[0]), "data-index": index }, sheet.made);
      place(node("rect", {}, group), box);
      for (const [x, y] of CORNERS) node("circle", { class: "corner", r: 4, cx: box[x], cy: box[y], "data-x": x, "data-y": y }, group);
      group.addEventListener("focus", () => (held = index));
      if (focus && index === held) group.focus({ preventScroll: true });
    }
  };
  const seen = () => {
    const middle = pane.getBoundingClientRect().top + pane.clientHeight / 2;
    const distance = ({ made }) => Math.abs((made.getBoundingClientRect().top + made.getBoundingClientRect().bottom) / 2 - middle);
    return [...sheets.entries()].sort((one, other) => distance(one[1]) - distance(other[1]))[0];
  };
  const add = () => {
    const [page, { made, width, height }] = seen();
    const frame = made.getBoundingClientRect();
    const view = pane.getBoundingClientRect();
    const y = ((view.top + view.height / 2 - frame.top) / frame.height) * height;
    boxes.push(inside([page, width * 0.35, y - 8, width * 0.65, y + 8]));
    held = boxes.length - 1;
  };

  const point = (event, page) => {
    const { made, width, height } = sheets.get(page);
    const frame = made.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * width, ((event.clientY - frame.top) / frame.height) * height];
  };
  const press = (page) => (event) => {
    if (event.button) return;
    event.preventDefault();
    const made = sheets.get(page).made;
    const from = point(event, page);
    const group = event.target.closest("g");
    const corner = event.target.closest(".corner");
    const before = boxes.map((box) => [...box]);
    if (group) held = Number(group.dataset.index);
    else {
      boxes = event.shiftKey ? boxes : [];
      boxes.push([page, ...from, ...from]);
      held = boxes.length - 1;
    }
    const start = [...boxes[held]];
    const drag = (at) => {
      const [x, y] = point(at, page);
      if (corner || !group) {
        const changed = [...start];
        changed[corner ? Number(corner.dataset.x) : 3] = x;
        changed[corner ? Number(corner.dataset.y) : 4] = y;
        boxes[held] = inside(changed);
      } else boxes[held] = moved(start, x - from[0], y - from[1]);
      paint(false);
    };
    const drop = (at) => {
      made.removeEventListener("pointermove", drag);
      const [x, y] = point(at, page);
      // A click beside the boxes draws nothing.
      if (!group && Math.abs(x - from[0]) < LEAST && Math.abs(y - from[1]) < LEAST) boxes = before;
      held = Math.min(held, boxes.length - 1);
      paint(true);
    };
    made.setPointerCapture(event.pointerId);
    made.addEventListener("pointermove", drag);
    made.addEventListener("pointerup", drop, { once: true });
    made.addEventListener("pointercancel", drop, { once: true });
  };
  for (const [page, { made }] of sheets) made.addEventListener("pointerdown", press(page));

  const end = (result) => {
    removeEventListener("keydown", type, true);
    root.classList.remove("drawing");
    for (const { made } of sheets.values()) made.remove();
    done(result);
  };
  const keep = () => end(write(boxes));
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const type = (event) => {
    if (!root.isConnected) return removeEventListener("keydown", type, true);
    if (event.ctrlKey || event.metaKey) return;
    const [x, y] = (steps[event.key] ?? [0, 0]).map((step) => step * (event.altKey ? 0.5 : STEP));
    const box = boxes[held];
    if (event.key === "Escape") end(null);
    else if (event.key === "Enter" && !event.target.closest("button")) keep();
    else if (event.key === "+") add();
    else if (event.key === "Delete" || event.key === "Backspace") boxes.splice(held, 1);
    else if (steps[event.key] && box) boxes[held] = event.shiftKey ? inside([...box.slice(0, 3), Math.max(box[3] + x, box[1] + LEAST), Math.max(box[4] + y, box[2] + LEAST)]) : moved(box, x, y);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!root.classList.contains("drawing")) return;
    held = Math.max(0, Math.min(held, boxes.length - 1));
    paint(true);
  };
  addEventListener("keydown", type, true);
  boxes = boxes.filter((box) => sheets.has(box[0]));
  if (!boxes.length) add();
  paint(true);
  return { keep };
}
