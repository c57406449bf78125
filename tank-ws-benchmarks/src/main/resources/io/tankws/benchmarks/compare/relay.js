// Node with `ws`, used as its documentation shows; node relay.js PORT
const { OPEN, WebSocketServer } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), path: "/ws" });
server.on("connection", (sender) => {
  sender.on("error", () => sender.terminate());
  sender.on("message", (data, binary) => {
    for (const other of server.clients) {
      if (other !== sender && other.readyState === OPEN) other.send(data, { binary });
    }
  });
});
