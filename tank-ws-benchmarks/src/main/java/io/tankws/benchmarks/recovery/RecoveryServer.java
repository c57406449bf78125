package io.tankws.benchmarks.recovery;

import io.tankws.Client;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The server process that {@link RecoveryCost} measures. Its topic keeps the missed messages. A client that sends the
 * position of its last message is subscribed from there. The process ends when its standard input ends.
 */
final class RecoveryServer {
    private static final String TOPIC = "news";
    private static final String COMMAND = "recover ";

    private RecoveryServer() {}

    /**
     * Runs until the standard input ends.
     *
     * @param arguments the transport, the number of missed messages, and the bytes of each
     */
    public static void main(String[] arguments) throws IOException {
        int missed = Integer.parseInt(arguments[1]);
        io.tankws.benchmarks.load.Payload payload =
                new io.tankws.benchmarks.load.Payload(Integer.parseInt(arguments[2]));
        TopicOptions options =
                TopicOptions.builder().historySize(missed + 1).recoverable().build();
        Manager manager = TankWs.builder()
                .topicConfigurer(topic -> options)
                .messageHandler(RecoveryServer::recover)
                .build()
                .start();
        try (manager) {
            WebSocketServer server = TankWs.serve(arguments[0])
                    .port(0)
                    .handle("/ws", manager::handleConnection)
                    .start();
            manager.setServer(server);
            StreamPosition seen = publish(manager, "seen");
            for (int i = 0; i < missed; i++) {
                publish(manager, new String(payload.stamp(i, 0), StandardCharsets.US_ASCII));
            }
            System.out.println("port " + server.port());
            System.out.println(command(seen));
            while (System.in.read() >= 0) {
                // The process that measures sends nothing.
            }
        }
    }

    private static StreamPosition publish(Manager manager, String text) {
        return manager.publish(TOPIC, Payload.text(text)).toCompletableFuture().join();
    }

    private static String command(StreamPosition position) {
        return COMMAND + position.offset() + " " + position.epoch();
    }

    private static void recover(Client client, Message message) {
        String[] words = ((Message.Text) message).text().split(" ");
        StreamPosition last = new StreamPosition(words[2], Long.parseLong(words[1]));
        client.subscribe(TOPIC, last).thenAccept(recovery -> {
            if (!recovery.isComplete()) {
                System.err.println("incomplete: " + recovery);
            }
        });
    }
}
