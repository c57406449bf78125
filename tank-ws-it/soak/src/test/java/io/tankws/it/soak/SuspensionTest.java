package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ClientLimits;
import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.ServerLimits;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server process that is stopped for longer than each of its deadlines and then resumes disconnects no client. */
class SuspensionTest {
    private static final int MESSAGE = 60_000;
    private static final int MESSAGES = 100;
    /** Enough time to start a process that sends a signal and to read 6 MB, even on a slow machine. */
    private static final Duration DEADLINE = Duration.ofSeconds(6);

    private static final Duration STOP = DEADLINE.plusSeconds(3);

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ValueSource(strings = {"jetty", "java-websocket"})
    void theTimeOfAStopCountsAgainstNoClient(String transport) throws Exception {
        Process process = new ProcessBuilder(command(transport))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            int port = Integer.parseInt(said.readLine());
            try (PacedPeer idle = new PacedPeer(port, 0);
                    PacedPeer behind = new PacedPeer(port, 0)) {
                // The first client receives the requested messages, but does not read them before the process resumes.
                idle.send(0x81, "all".getBytes(StandardCharsets.US_ASCII));
                assertEquals("sent", said.readLine());
                signal("STOP", process);
                LockSupport.parkNanos(STOP.toNanos());
                signal("CONT", process);
                long all = (long) MESSAGE * MESSAGES;
                assertEquals(all, behind.readMessages(all));
                assertEquals(all, idle.readMessages(all));
                idle.send(0x81, "errors".getBytes(StandardCharsets.US_ASCII));
                assertEquals("{} 2", said.readLine());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(String transport) {
        String path = String.join(
                File.pathSeparator,
                Stream.of("jdk.module.path", "java.class.path")
                        .map(name -> System.getProperty(name, ""))
                        .filter(value -> !value.isEmpty())
                        .toList());
        String java = new File(System.getProperty("java.home"), "bin/java").getPath();
        return List.of(java, "-cp", path, Stopped.class.getName(), transport);
    }

    private static void signal(String name, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor());
    }

    /** The process that is stopped. */
    static final class Stopped {
        private Stopped() {}

        /** Prints its port, and replies to messages on its output. */
        public static void main(String[] args) {
            ClientLimits limits = ClientLimits.builder()
                    .outboxBytes(2 * MESSAGE * MESSAGES)
                    .outboxSoft(MESSAGE, DEADLINE)
                    .outboxAge(DEADLINE)
                    .writeTimeout(DEADLINE)
                    .closeTimeout(DEADLINE)
                    .build();
            Manager[] own = new Manager[1];
            own[0] = TankWs.builder()
                    .greeting("")
                    .clientLimits(limits)
                    .messageHandler((client, message) -> {
                        if (message instanceof Message.Text text && text.text().equals("all")) {
                            for (int i = 0; i < MESSAGES; i++) {
                                own[0].broadcastMessage(new byte[MESSAGE]);
                            }
                            System.out.println("sent");
                        } else {
                            System.out.println(own[0].statistics().errors() + " " + own[0].getClientCount());
                        }
                    })
                    .build()
                    .start();
            own[0].enableHeartbeat(Duration.ofMillis(200), DEADLINE);
            WebSocketServer server = TankWs.serve(args[0])
                    .port(0)
                    .limits(ServerLimits.builder().handshakeTimeout(DEADLINE).build())
                    .handle("/ws", own[0]::handleConnection)
                    .start();
            System.out.println(server.port());
        }
    }
}
