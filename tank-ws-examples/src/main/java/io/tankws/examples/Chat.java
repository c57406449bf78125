package io.tankws.examples;

// region Chat
import io.tankws.*;
import io.tankws.core.TankWs;
import java.util.List;

public final class Chat {
    public static void main(String[] args) {
        Manager tank = TankWs.getSingleInstance();
        tank.setCustomUpgrader(Upgrader.defaults().withOriginRule(OriginRule.of(List.of("http://localhost:3000"))));
        tank.setServer(TankWs.serve("jetty").port(8080).handle("/ws", tank).start());
        Runtime.getRuntime().addShutdownHook(new Thread(tank::close));
    }
}
// endregion
