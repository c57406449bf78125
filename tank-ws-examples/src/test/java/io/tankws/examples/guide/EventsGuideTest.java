package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/events.md. */
class EventsGuideTest extends GuideTest {
    private static final class Log {
        final List<String> lines = new CopyOnWriteArrayList<>();

        void info(String line) {
            lines.add(line);
        }
    }

    @Test
    void eachConnectionHasItsEvents() {
        Manager tank = closing(TankWs.newInstance());
        WebSocketServer server =
                closing(TankWs.serve("in-memory").handle("/ws", tank).start());
        Log log = new Log();
        tank.connectionEvents().subscribe(new ConnectionLog(log::info));
        TestClient ann = closing(TestClient.connect(server, "/ws?user_id=ann"));
        ann.sendText("sub:news");
        ann.sendText("sub:sport");
        ann.sendText("unsub:news");
        Await.until("the subscriptions", () -> log.lines.size() == 4);
        ann.disconnect();
        Await.until("the end", () -> log.lines.size() == 5);
        assertEquals(
                List.of(
                        "ann connected",
                        "ann subscribed to news",
                        "ann subscribed to sport",
                        "ann unsubscribed from news",
                        "ann disconnected with 1006, which ended [sport]"),
                log.lines);
    }
}
