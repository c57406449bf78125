const get = (id) => document.getElementById(id);
const page = document.documentElement.dataset;
const LOG_LENGTH = 200;
const POLL_DELAY = 500;
const MAX_ROWS = 50;

function show(list, time, kind, text, isError) {
  const item = document.createElement("li");
  const when = document.createElement("time");
  when.textContent = time.toLocaleTimeString();
  const what = document.createElement("span");
  what.className = isError ? "kind error" : "kind";
  what.textContent = kind;
  const words = document.createElement("span");
  words.className = "text";
  words.textContent = text;
  item.append(when, what, words);
  list.prepend(item);
  while (list.children.length > LOG_LENGTH) list.lastChild.remove();
}

/** Returns the address of this node's WebSocket: on its own port, or beside this page if a proxy serves the page. */
function socketAddress(port, path) {
  if (location.protocol === "http:" && (location.port || "80") === page.httpPort) {
    return `ws://${location.hostname}:${port}${path}`;
  }
  const beside = new URL("." + path, location.href);
  beside.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return beside.href;
}

/** Returns a message in the form of a log entry. */
function read(data) {
  if (typeof data !== "string") return {kind: "binary", text: data.byteLength + " bytes", topic: null};
  try {
    const message = JSON.parse(data);
    if (message && typeof message.topic === "string") {
      return {kind: message.topic, text: String(message.data), topic: message.topic};
    }
  } catch (e) { /* plain text */ }
  return {kind: "message", text: data, topic: null};
}

/** Draws the counts of a node and of its cluster into the elements whose ids begin with the prefix. */
function drawNode(prefix, stats) {
  const cluster = stats.cluster;
  const up = cluster.status === "UP";
  const since = new Date(cluster.since).toLocaleTimeString();
  drawText(prefix + "-state", cluster.status);
  get(prefix + "-state").className = up ? "state open" : "state waiting";
  drawText(prefix + "-detail", `${cluster.detail}, since ${since}`);
  drawText(prefix + "-here", stats.clients);
  drawText(prefix + "-everywhere", cluster.clients ?? "?");
  drawText(prefix + "-published", cluster.published);
  drawText(prefix + "-received", cluster.received);
  drawText(prefix + "-missed", cluster.missed);
  drawText(prefix + "-failed", cluster.publishFailures);
  const rows = Object.keys(stats.topics).sort().slice(0, MAX_ROWS).map((topic) => {
    const row = document.createElement("tr");
    for (const text of [topic, stats.topics[topic], Object.hasOwn(cluster.topics, topic) ? cluster.topics[topic] : "?"]) {
      const cell = document.createElement("td");
      cell.textContent = text;
      row.append(cell);
    }
    return row;
  });
  get(prefix + "-topics").replaceChildren(...rows);
  get(prefix + "-topics").closest("table").hidden = rows.length === 0;
}

/** Writes a text only if it has changed, so that screen readers announce only changes. */
function drawText(id, text) {
  if (get(id).textContent !== String(text)) get(id).textContent = text;
}

function on(form, action) {
  get(form).onsubmit = (event) => { event.preventDefault(); action(); };
}

